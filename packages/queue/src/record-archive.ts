import { JobError, type JobId, type JobRun } from '@styleflow/contracts';
import { z } from 'zod';

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

const ArchivedSchema = z.object({ v: z.literal(1), fields: z.record(z.string(), z.string()) });

/** The fields of a record's hash, as Redis has them: a retry puts them back untouched. */
export type RecordHash = z.infer<typeof ArchivedSchema>['fields'];

export function printArchived(fields: RecordHash): string {
  return JSON.stringify({ v: 1, fields } satisfies z.infer<typeof ArchivedSchema>);
}

/** @throws JobError `internal` for a text that is no archived record. */
export function parseArchived(id: JobId, text: string): RecordHash {
  try {
    return ArchivedSchema.parse(JSON.parse(text)).fields;
  } catch (error) {
    throw new JobError('internal', `The archived record of ${id} cannot be read.`, { cause: error });
  }
}
