import type { ChaosSystem } from './chaos-system.js';

/** One way in which the world can go wrong for a while. */
export interface Fault {
  /** For `--faults`. */
  readonly id: string;
  /** What happens, as a sentence's beginning: `the store answers 503`. */
  readonly says: string;
  /** The promise that it puts to the test, in short. */
  readonly promise: string;
  /** Of which store it is; absent: of either. */
  readonly store?: 's3' | 'file';
  /** Longer makes no sense (a killed process is started again); at scale 1. Absent: as long as any outage. */
  readonly longestSeconds?: number;
  /** Why this machine cannot make it; null when it can. */
  readonly unavailable?: (system: ChaosSystem) => string | null;
  /** Makes it happen. What comes back ends it; it must not fail where the process has gone meanwhile. */
  begin(system: ChaosSystem, random: () => number): Promise<() => Promise<void> | void>;
}
