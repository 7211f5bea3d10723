import type { JobId } from '@styleflow/contracts';

/** One change of a job's status, as its record noted it in the same step. */
export interface StageNote {
  /** Milliseconds since 1970, by the clock of Redis. */
  readonly at: number;
  readonly status: string;
  readonly run: number;
  /** Starts of `prepare` so far. */
  readonly attempts: number;
  readonly cancelRequested: boolean;
}

export interface CustodyState {
  /** The log so far, oldest first. Whoever appends writes them; they are text here. */
  readonly lines: readonly string[];
  /** Every change of status, oldest first; those that are in the log already too. */
  readonly stages: readonly StageNote[];
  /** Changes of status beyond the limit. */
  readonly stagesLeftOut: number;
}

/**
 * The custody log of each job.
 *
 * Promises: a line that was appended is never changed or removed while the job is there, and lines have one order for all. An append
 * succeeds only at the place that its writer has read. The log is in Redis while it is used and in the archive afterwards; it goes
 * with its job.
 * Leaves out: what the lines mean, and their limit.
 */
export interface CustodyLogs {
  /** Null for an unknown job. */
  read(id: JobId): Promise<CustodyState | null>;
  /** `before`: how many lines the writer has read. False when the log has others by now, or the job is gone. */
  append(id: JobId, before: readonly string[], lines: readonly string[]): Promise<boolean>;
  /** Jobs whose log was last added to before then, and is not in the archive as it is. */
  unkeptBefore(before: number, limit: number): Promise<JobId[]>;
  /** Moves the log to the archive. False when it was added to meanwhile. */
  archive(id: JobId): Promise<boolean>;
}
