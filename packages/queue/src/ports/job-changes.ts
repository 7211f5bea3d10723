import type { JobId, JobStatus } from '@styleflow/contracts';

/**
 * One Redis subscription per process: tells which job changed; readers re-read.
 * The number of waiters is capped: beyond it both calls reject with JobError `rate_limited`.
 * After an outage of the subscription every waited-for job is read once, so no change stays unseen.
 */
export interface JobChanges {
  /** Resolves at the next change of the job (with its status then), or with null after `timeoutMs` or on abort. Subscribe, re-read, then await. */
  waitForChange(id: JobId, timeoutMs: number, signal?: AbortSignal): Promise<JobStatus | null>;
  /** Resolves when the job has ended. Same rules. */
  waitForEnd(id: JobId, timeoutMs: number, signal?: AbortSignal): Promise<JobStatus | null>;
  readonly waiters: number;
  close(): Promise<void>;
}
