import type { BundleFacts, WorkerFacts } from '@styleflow/contracts';

/**
 * What processes tell of themselves, and the bundles that they serve or have served.
 * An outage is JobError `queue_unavailable`.
 */
export interface Announcements {
  /** Keeps this process's facts visible for a minute; call it every 15 s. */
  announce(facts: WorkerFacts): Promise<void>;
  withdraw(workerId: string): Promise<void>;
  workers(): Promise<WorkerFacts[]>;
  /** Bundles that were ever remembered, the one remembered last first: what a job may be fixed to. */
  bundles(): Promise<BundleFacts[]>;
  rememberBundle(bundle: BundleFacts): Promise<void>;
}
