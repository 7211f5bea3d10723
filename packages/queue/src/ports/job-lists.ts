import type { JobRun, JobStatus, Verdict } from '@styleflow/contracts';
import type { JobRecord } from './job-record.js';

/** Bytes of a job's name that are kept beside the lists, for `q`. */
export const NAME_KEPT_BYTES = 40;

/** What a list is narrowed to; all that is given has to fit. */
export interface Narrowing {
  readonly label?: Verdict['label'] | undefined;
  /** Of the verdict, 0 to 1, inclusive. */
  readonly minScore?: number | undefined;
  readonly maxScore?: number | undefined;
  /** The beginning of the video's name or of the job's id, in whatever letters. */
  readonly q?: string | undefined;
}

/**
 * Finding jobs.
 *
 * Promises: no call scans keys, and every answer is bounded; a job that changes its status during a call is neither
 * missed nor seen twice.
 * An outage is JobError `queue_unavailable`.
 */
export interface JobLists {
  /**
   * Newest first (by id, which has no ties). The cursor is opaque.
   * One that is narrowed looks at a bounded stretch of the list: its page may be short, or empty, and yet not the last one.
   * @throws JobError `invalid_request` for an invalid cursor.
   */
  list(query: {
    owner?: string;
    status?: JobStatus;
    batch?: string;
    limit: number;
    cursor?: string;
    narrowing?: Narrowing;
  }): Promise<{ jobs: JobRecord[]; nextCursor: string | null }>;
  /** Counts unfinished jobs, of one owner or of all. */
  countUnfinished(owner?: string): Promise<number>;
  /** The runs of all unfinished jobs, oldest first, in pages of 200. */
  unfinished(): AsyncIterable<readonly JobRun[]>;
}
