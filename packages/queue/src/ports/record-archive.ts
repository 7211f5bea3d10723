import { JobError, type JobRun } from '@styleflow/contracts';

/**
 * Where the records of jobs lie that ended a while ago, so that Redis holds no more of them than where to look.
 * A run that has ended never changes again: one text per run, and whoever writes it twice writes the same.
 */
export interface RecordArchive {
  /** Null when there is none. */
  read(run: JobRun): Promise<string | null>;
  write(run: JobRun, text: string): Promise<void>;
}

/** For processes that neither show nor end jobs: what was archived is unknown to them. */
export const NO_ARCHIVE: RecordArchive = {
  read: async () => null,
  write: () => Promise.reject(new JobError('internal', 'This process was given no archive of records.')),
};
