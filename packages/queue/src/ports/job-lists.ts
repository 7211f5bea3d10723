import type { JobRun, JobStatus } from '@styleflow/contracts';
import type { JobRecord } from './job-record.js';

/**
 * Finding jobs.
 *
 * Promises: no key is searched for and every answer is bounded; a job that changes its status meanwhile is neither missed
 * nor seen twice.
 * An outage is JobError `queue_unavailable`.
 */
export interface JobLists {
  /** Newest first (by id, which has no ties); the cursor is opaque. @throws JobError `invalid_request` for a cursor that is none. */
  list(query: {
    owner?: string;
    status?: JobStatus;
    batch?: string;
    limit: number;
    cursor?: string;
  }): Promise<{ jobs: JobRecord[]; nextCursor: string | null }>;
  /** Of one owner, or of all. */
  countUnfinished(owner?: string): Promise<number>;
  /** What all unfinished jobs run, oldest first, page by page of 200. */
  unfinished(): AsyncIterable<readonly JobRun[]>;
}
