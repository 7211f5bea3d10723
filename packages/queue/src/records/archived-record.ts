import { JobError, type JobId } from '@styleflow/contracts';
import { z } from 'zod';

const ArchivedSchema = z.object({ v: z.literal(1), fields: z.record(z.string(), z.string()) });

/** The fields of a record's hash as Redis has them. A retry puts them back unchanged. */
export type RecordHash = z.infer<typeof ArchivedSchema>['fields'];

export function printArchived(fields: RecordHash): string {
  return JSON.stringify({ v: 1, fields } satisfies z.infer<typeof ArchivedSchema>);
}

/**
 * Parses an archived record.
 * @throws JobError `internal` for a text that is none.
 */
export function parseArchived(id: JobId, text: string): RecordHash {
  try {
    return ArchivedSchema.parse(JSON.parse(text)).fields;
  } catch (error) {
    throw new JobError('internal', `The archived record of ${id} cannot be read.`, { cause: error });
  }
}
