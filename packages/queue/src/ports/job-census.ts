import type { JobId, JobStatus } from '@styleflow/contracts';

/** What Redis knows of one job, in a line. */
export interface CensusLine {
  readonly job: JobId;
  readonly run: number;
  /** Null when an index names the job and nothing else knows it. */
  readonly status: JobStatus | null;
  readonly createdAt: string | null;
  readonly isUpload: boolean;
  /** Its record lies in the archive. */
  readonly isArchived: boolean;
}

/** All jobs that Redis knows, for who compares them with something else. */
export interface JobCensus {
  /** In the order of their ids, page by page. */
  jobs(): AsyncIterable<readonly CensusLine[]>;
}
