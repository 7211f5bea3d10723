import type { JobId, JobRun } from '@styleflow/contracts';
import type { Ending, JobEvent, JobRecord, NewJob } from './job-record.js';

/**
 * The record of a job, from its creation to its burial.
 *
 * Promises: every change is one atomic step; a write names its run and changes nothing when the job has ended, was
 * deleted, or has moved to another run (it then answers false); `end` succeeds for exactly one caller per run; progress
 * never falls; each change bumps the revision, appends to the job's capped event stream (all but the creation) and is
 * published once (see `JobChanges`). A record that has moved to the archive reads as before.
 * Leaves out: finding jobs (`JobLists`), what becomes of them after their end (`EndedJobs`).
 * An outage is JobError `queue_unavailable`, or `storage_unavailable` where a record lies in the archive.
 */
export interface JobRecords {
  /**
   * Status `queued`, run 1. Repeated with the same id it changes nothing and answers the record as it stands.
   * @throws JobError `queue_full` beyond the limit of unfinished jobs; `gone` when the id was buried.
   */
  create(job: NewJob): Promise<JobRecord>;
  read(id: JobId): Promise<JobRecord | null>;
  /** In the order of the ids; unknown ones, and archived ones that cannot be read, are left out. */
  readMany(ids: readonly JobId[]): Promise<JobRecord[]>;
  /** Counts an attempt; `queued` turns `preparing` (`scoring` stays). Answers the record, or null when the run is not wanted. */
  beginPrepare(run: JobRun): Promise<JobRecord | null>;
  /** Decoding has ended and clips wait for scores: the frames decoded become the total. False when the run is not wanted. */
  beginScoring(run: JobRun): Promise<boolean>;
  /** Counts are totals so far, not steps: they only grow, also when a stage starts anew. False when the run is not wanted (a cheap sign to stop). */
  reportProgress(
    run: JobRun,
    progress: { framesDecoded?: number; framesTotal?: number | null; clipsPlanned?: number },
  ): Promise<boolean>;
  /** Idempotent per clip; answers how many different clips of the run are scored or given up. Counts nothing once the run has ended. */
  countClip(run: JobRun, track: number, clip: number): Promise<number>;
  /**
   * The one decision of a run: true for exactly one caller. A cancel wish does not stand in its way: who ends a run reads it before.
   * Also notes the run for `pendingCleanups`.
   * @throws JobError `internal` for a move that no job may make (`queued` to `succeeded`).
   */
  end(run: JobRun, ending: Ending): Promise<boolean>;
  /** Marks the wish unless the job has ended; null when unknown, the record as it then stands otherwise. */
  requestCancel(id: JobId): Promise<JobRecord | null>;
  /** A failed job becomes `queued` with the next run number; null when it is not failed. */
  startRetry(id: JobId): Promise<JobRecord | null>;
  /** True while the run may work: exists, not ended, not canceled, this run. */
  isWanted(run: JobRun): Promise<boolean>;
  /** Removes the record, its indexes and its idempotency claim and leaves a tombstone for 24 h. Waiters of an unfinished job see `canceled`. */
  bury(id: JobId): Promise<void>;
  isBuried(id: JobId): Promise<boolean>;
  /** Oldest first; from the beginning for an id that is none. The stream keeps about the last 256 and ends an hour after the job. */
  eventsAfter(id: JobId, afterEventId: string): Promise<JobEvent[]>;
}
