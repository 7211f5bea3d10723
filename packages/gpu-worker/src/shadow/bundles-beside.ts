import { digest12, type WorkerFacts } from '@styleflow/contracts';

/** What this worker computes on. */
export interface OwnDevice {
  /** Of its bundle, the first 12 hex digits of the digest. */
  readonly bundle: string;
  readonly host: string;
  readonly provider: string;
  /** The UUID of its card; null without one. */
  readonly card: string | null;
}

/**
 * Which other bundles, by 12 digits, are served on the same device: by the card's UUID; of workers on CPUs, whose cores are the machine's,
 * by the host's name. What lies in containers of its own host names on one machine's CPU is not seen.
 */
export function bundlesBeside(workers: readonly WorkerFacts[], own: OwnDevice): string[] {
  const sharesDevice = ({ host, provider, card }: WorkerFacts): boolean =>
    own.card !== null ? card?.uuid === own.card : provider === 'cpu' && own.provider === 'cpu' && host === own.host;
  const others = workers.flatMap((worker) =>
    worker.bundle !== undefined && sharesDevice(worker) ? [digest12(worker.bundle.digest)] : [],
  );
  return [...new Set(others)].filter((bundle) => bundle !== own.bundle);
}
