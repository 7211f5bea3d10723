import type { JobId } from '@styleflow/contracts';

/** The window of an owner's single jobs, and of each batch: unended jobs, and clips that are cut and not scored. */
export interface Window {
  readonly jobs: number;
  readonly clips: number;
}

/** Small enough to hold in Redis for each owner, and more than a few workers have slots. */
export const LEAST_WINDOW: Window = { jobs: 64, clips: 512 };

/** An owner of whom single jobs wait for room in the window. */
export interface WaitingSingles {
  readonly owner: string;
  readonly waiting: number;
  /** Admitted and not ended. */
  readonly open: number;
  readonly unscoredClips: number;
  /** Of the first that waits. */
  readonly priority: number;
}

/**
 * Single jobs beyond their owner's window, which have a record and no entries yet (`JobRecord.isWaiting`).
 *
 * Promises: a job enters the window, or waits for it, in the step that makes it or has it run again, and leaves it in the step that ends
 * or drops it; that step tells whoever admits. Of those that wait the most urgent comes first, then the oldest.
 * An outage is JobError `queue_unavailable`.
 */
export interface SingleJobs {
  waiting(): Promise<WaitingSingles[]>;
  /** The next so many that wait. */
  next(owner: string, count: number): Promise<JobId[]>;
  /** The job has its entries, or needs none. */
  admitted(owner: string, job: JobId): Promise<void>;
  /** From now on every owner's window. */
  setWindow(window: Window): Promise<void>;
}
