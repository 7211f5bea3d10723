import type { JobId, JobRun } from '@styleflow/contracts';

/**
 * What is left to do for jobs after their end: entries to remove, records to archive, objects to delete in time.
 *
 * Promises: every call may be repeated, by several processes at once; nothing is forgotten until whoever works it off has
 * said that it is done.
 * An outage is JobError `queue_unavailable`, or `storage_unavailable` where a record lies in the archive.
 */
export interface EndedJobs {
  /** Ended before `before` and not before `from` (ms since the epoch), oldest first. */
  endedBefore(before: number, limit: number, from?: number): Promise<JobId[]>;
  /** Ended before `before` (ms since the epoch) and still whole in Redis, oldest first. */
  unarchivedBefore(before: number, limit: number): Promise<JobId[]>;
  /**
   * Moves the record of an ended job from Redis to the archive; every call here finds it there. False when there is nothing to move.
   * May be repeated, by several processes at once.
   */
  archive(id: JobId): Promise<boolean>;
  /** Up to when, by their end (ms since the epoch), all jobs' media are deleted; 0 at first. Kept for whoever sweeps next. */
  mediaMark(): Promise<number>;
  /** Only upwards. */
  raiseMediaMark(mark: number): Promise<void>;
  /** Runs that have ended or were buried and whose queue entries may still stand; oldest first. */
  pendingCleanups(limit: number): Promise<JobRun[]>;
  /** All entries of the run are gone. */
  confirmCleanup(run: JobRun): Promise<void>;
  /** Jobs deleted within the last 24 h. */
  buriedIds(): Promise<JobId[]>;
}
