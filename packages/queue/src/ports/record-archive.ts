import { JobError, type JobId, type JobRun } from '@styleflow/contracts';

/** What the archive has of a job. */
export interface JobRemains {
  /** The record as it was accepted, or accepted again by a retry; null when it is not there or damaged. */
  readonly accepted: string | null;
  /** The record of the last run that had ended; without a text it is damaged. */
  readonly ended: { readonly run: number; readonly text: string | null } | null;
  /** The highest run of which anything is there; 0 for none. */
  readonly lastRun: number;
  /** Of the video at the job's own place; 0 without one. */
  readonly sourceBytes: number;
}

/**
 * Keeps the records of jobs that ended a while ago, so that Redis holds only where to look for them. A run that has
 * ended never changes again, so there is one text for each run, and writing it twice writes the same. It also keeps
 * the record of each job from its acceptance on, so that a Redis that forgets does not lose the job.
 */
export interface RecordArchive {
  /**
   * The archived text; null when there is none.
   * @throws JobError `storage_unavailable` when it cannot be reached; any other error when the text is damaged.
   */
  read(run: JobRun): Promise<string | null>;
  write(run: JobRun, text: string): Promise<void>;
  /** Keeps the record of a job that was accepted; a later one replaces it. */
  accept(job: JobId, text: string): Promise<void>;
  /** The archived custody log; null when there is none. */
  readCustody(job: JobId): Promise<string | null>;
  writeCustody(job: JobId, text: string): Promise<void>;
  /** Everything that is there of a job; null when nothing is. */
  find(job: JobId): Promise<JobRemains | null>;
  /** Keeps a batch as it is now; a later text replaces it. It goes with the batch's other objects. */
  keepBatch(batch: string, text: string): Promise<void>;
  /** Null when there is none. Throws any other error than `storage_unavailable` when it is damaged. */
  readBatch(batch: string): Promise<string | null>;
  /** The names of all batches that are kept. */
  batches(): AsyncIterable<string>;
  /** Who owned the job, when a tombstone of it stands; null without one. */
  tombstone(job: JobId): Promise<{ readonly owner: string | null } | null>;
}

const none = (): Promise<never> =>
  Promise.reject(new JobError('internal', 'This process was given no archive of records.'));

/** The archive of processes that neither show nor end jobs. Archived records are unknown to them. */
export const NO_ARCHIVE: RecordArchive = {
  read: async () => null,
  write: none,
  accept: none,
  readCustody: async () => null,
  writeCustody: none,
  find: async () => null,
  keepBatch: none,
  readBatch: async () => null,
  batches: async function* () {},
  tombstone: async () => null,
};
