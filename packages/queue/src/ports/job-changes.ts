import type { JobId, JobStatus } from '@styleflow/contracts';

/**
 * Tells which job changed, over one Redis subscription for the whole process. It passes no records: readers read again.
 * The number of waiters is limited; beyond it both calls reject with JobError `rate_limited`. After an outage of the
 * subscription every job with a waiter is read once, so that no change is missed.
 */
export interface JobChanges {
  /**
   * Resolves at the next change of the job with its new status, or with null after `timeoutMs` or on abort. Subscribe
   * first, read again, then await.
   */
  waitForChange(id: JobId, timeoutMs: number, signal?: AbortSignal): Promise<JobStatus | null>;
  /** Resolves when the job has ended, by the same rules. */
  waitForEnd(id: JobId, timeoutMs: number, signal?: AbortSignal): Promise<JobStatus | null>;
  readonly waiters: number;
  close(): Promise<void>;
}
