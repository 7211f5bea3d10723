import type { JobId, JobRun } from '@styleflow/contracts';

/**
 * What must be done for jobs after their end: entries to remove, records to archive, objects to delete in time.
 *
 * Promises: every call may be repeated, by several processes at once; nothing is forgotten until the process that does
 * it has confirmed it.
 * An outage is JobError `queue_unavailable`, or `storage_unavailable` where a record lies in the archive.
 */
export interface EndedJobs {
  /** Jobs that ended before `before` and not before `from` (ms since the epoch), oldest first. */
  endedBefore(before: number, limit: number, from?: number): Promise<JobId[]>;
  /** Jobs that ended before `before` (ms since the epoch) and whose records are still in Redis, oldest first. */
  unarchivedBefore(before: number, limit: number): Promise<JobId[]>;
  /**
   * Moves the record of an ended job from Redis to the archive, where every call here finds it. False when there is
   * nothing to move. May be repeated, by several processes at once.
   */
  archive(id: JobId): Promise<boolean>;
  /**
   * The time (ms since the epoch) for which holds: the media of all jobs that ended before are deleted. 0 at first. It
   * is kept for the next process that sweeps.
   */
  mediaMark(): Promise<number>;
  /** Raises the mark; a lower value changes nothing. */
  raiseMediaMark(mark: number): Promise<void>;
  /** What was stored for the job is deleted: it counts no more among what its owner has stored. */
  forgetStored(id: JobId, owner: string): Promise<void>;
  /** The same of its source alone. */
  forgetSource(id: JobId, owner: string): Promise<void>;
  /** Runs that have ended or were buried and whose queue entries may still stand; oldest first. */
  pendingCleanups(limit: number): Promise<JobRun[]>;
  /** Confirms that all entries of the run are gone. */
  confirmCleanup(run: JobRun): Promise<void>;
  /** Jobs deleted within the last 24 h. */
  buriedIds(): Promise<JobId[]>;
}
