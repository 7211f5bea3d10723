import type { BundleFacts, WorkerFacts } from '@styleflow/contracts';

/**
 * What processes announce of themselves, and the bundles that they serve or have served. An outage is JobError
 * `queue_unavailable`.
 */
export interface Announcements {
  /** Keeps this process's facts visible for a minute; call it every 15 s. */
  announce(facts: WorkerFacts): Promise<void>;
  withdraw(workerId: string): Promise<void>;
  workers(): Promise<WorkerFacts[]>;
  /** All bundles that were ever remembered, the one remembered last first. A job may be fixed to any of them. */
  bundles(): Promise<BundleFacts[]>;
  rememberBundle(bundle: BundleFacts): Promise<void>;
  /** Remembers it where it was forgotten; its place among the others stays where it was not. */
  recallBundle(bundle: BundleFacts): Promise<void>;
}
