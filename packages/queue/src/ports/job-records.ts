import type { JobId, JobRun } from '@styleflow/contracts';
import type { Ending, JobEvent, JobRecord, JobStanding, NewJob } from './job-record.js';

/**
 * The record of a job, from its creation to its burial.
 *
 * Promises: every change is one atomic step. A write names its run, and changes nothing and answers false when the job
 * has ended, was deleted, or is in another run. `end` succeeds for exactly one caller per run. Progress never falls.
 * Each change raises the revision, appends to the job's capped event stream (except the creation) and is published once
 * (see `JobChanges`). A record that has moved to the archive reads as before.
 * Leaves out: finding jobs (`JobLists`), what happens after their end (`EndedJobs`).
 * An outage is JobError `queue_unavailable`, or `storage_unavailable` where a record lies in the archive.
 */
export interface JobRecords {
  /**
   * Status `queued`, run 1. Repeated with the same id it changes nothing and answers the record as it stands.
   * @throws JobError `queue_full` beyond the limit of unfinished jobs, `rate_limited` beyond those of its owner; `gone` when the id was buried.
   */
  create(job: NewJob): Promise<JobRecord>;
  /** @throws JobError `gone`, with what is known all the same, when the archived record is damaged: see `standing`. */
  read(id: JobId): Promise<JobRecord | null>;
  /** Of a job whose record is archived, from the indexes alone; null when it is not, or is not this owner's. */
  standing(id: JobId, owner?: string): Promise<JobStanding | null>;
  /** Records in the order of the ids. Unknown ones, and archived ones that cannot be read, are left out. */
  readMany(ids: readonly JobId[]): Promise<JobRecord[]>;
  /**
   * Counts an attempt. `queued` becomes `preparing`; `scoring` stays. Answers the record, or null when the run is not
   * wanted.
   */
  beginPrepare(run: JobRun): Promise<JobRecord | null>;
  /**
   * Notes that decoding has ended and clips wait for scores: the decoded frames become the total. False when the run is
   * not wanted.
   */
  beginScoring(run: JobRun): Promise<boolean>;
  /**
   * Reports counts, as totals and not as steps. They only grow, even when a stage starts again. False when the run is
   * not wanted (a cheap sign to stop).
   */
  reportProgress(
    run: JobRun,
    progress: { framesDecoded?: number; framesTotal?: number | null; clipsPlanned?: number },
  ): Promise<boolean>;
  /** What the run keeps beside an upload (a preview, its source), in bytes: counted among what its owner has stored. May be repeated. */
  noteKept(run: JobRun, bytes: number): Promise<void>;
  /**
   * Counts a clip once, however often it is called. Answers how many different clips of the run are scored or given up.
   * Counts nothing once the run has ended.
   */
  countClip(run: JobRun, track: number, clip: number): Promise<number>;
  /**
   * The one decision of a run: true for exactly one caller. A wish to cancel does not prevent it; the caller that ends
   * a run must read the wish before. Also notes the run for `pendingCleanups`.
   * @throws JobError `internal` for a move that no job may make (`queued` to `succeeded`).
   */
  end(run: JobRun, ending: Ending): Promise<boolean>;
  /** Notes the wish to cancel unless the job has ended. Answers the present record; null when the job is unknown. */
  requestCancel(id: JobId): Promise<JobRecord | null>;
  /** Sets a failed job to `queued` with the next run number. Null when it has not failed. */
  startRetry(id: JobId): Promise<JobRecord | null>;
  /** Whether the run may work: the job exists, has not ended, is not canceled, and is in this run. */
  isWanted(run: JobRun): Promise<boolean>;
  /**
   * Removes the record, its indexes and its idempotency claim, and leaves a tombstone for 24 h. Waiters of an
   * unfinished job see `canceled`.
   */
  bury(id: JobId): Promise<void>;
  isBuried(id: JobId): Promise<boolean>;
  /**
   * Settles a creation of which nobody knows whether it was done: from now on no job of this id can be made, for 24 h. False,
   * and nothing is changed, when the job is there.
   */
  preclude(id: JobId): Promise<boolean>;
  /**
   * Events after the given one, oldest first; from the beginning for an invalid id. The stream keeps about the last 256
   * events and ends an hour after the job.
   */
  eventsAfter(id: JobId, afterEventId: string): Promise<JobEvent[]>;
}
