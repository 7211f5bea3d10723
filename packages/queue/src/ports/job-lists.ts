import type { JobRun, JobStatus } from '@styleflow/contracts';
import type { JobRecord } from './job-record.js';

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
   * @throws JobError `invalid_request` for an invalid cursor.
   */
  list(query: {
    owner?: string;
    status?: JobStatus;
    batch?: string;
    limit: number;
    cursor?: string;
  }): Promise<{ jobs: JobRecord[]; nextCursor: string | null }>;
  /** Counts unfinished jobs, of one owner or of all. */
  countUnfinished(owner?: string): Promise<number>;
  /** The runs of all unfinished jobs, oldest first, in pages of 200. */
  unfinished(): AsyncIterable<readonly JobRun[]>;
}
