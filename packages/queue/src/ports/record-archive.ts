import { JobError, type JobRun } from '@styleflow/contracts';

/**
 * Keeps the records of jobs that ended a while ago, so that Redis holds only where to look for them. A run that has
 * ended never changes again, so there is one text for each run, and writing it twice writes the same.
 */
export interface RecordArchive {
  /**
   * The archived text; null when there is none.
   * @throws JobError `storage_unavailable` when it cannot be reached; any other error when the text is damaged.
   */
  read(run: JobRun): Promise<string | null>;
  write(run: JobRun, text: string): Promise<void>;
}

/** The archive of processes that neither show nor end jobs. Archived records are unknown to them. */
export const NO_ARCHIVE: RecordArchive = {
  read: async () => null,
  write: () => Promise.reject(new JobError('internal', 'This process was given no archive of records.')),
};
