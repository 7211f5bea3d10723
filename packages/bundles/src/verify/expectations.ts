import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkpointError, ignoreMissing } from '@styleflow/files';
import { z } from 'zod';
import { EXPECTATIONS_FILE } from '../bundle/bundle-folder.js';

/** What a bundle's graph gave for the built-in clip at a time when its owner trusted it. */
const ExpectationsSchema = z.object({
  format: z.literal(1),
  /** The bundle's whole digest. Expectations hold only for the same files. */
  digest: z.string(),
  provider: z.string(),
  outputs: z.record(z.string(), z.array(z.number()).readonly()),
});
export type Expectations = z.infer<typeof ExpectationsSchema>;

/**
 * Null when there are none.
 * @throws JobError `invalid_request` when they cannot be read or belong to another bundle.
 */
export async function readExpectations(directory: string, digest: string): Promise<Expectations | null> {
  const path = join(directory, EXPECTATIONS_FILE);
  const text = await readFile(path, 'utf8').catch(ignoreMissing);
  if (text === undefined) return null;
  let expectations: Expectations;
  try {
    expectations = ExpectationsSchema.parse(JSON.parse(text));
  } catch (error) {
    throw checkpointError(`${path} cannot be read: record it again with --record`, error);
  }
  if (expectations.digest === digest) return expectations;
  throw checkpointError(`${path} was recorded for other files: record it again with --record`);
}

/** @throws JobError `invalid_request` when the folder cannot be written. */
export async function writeExpectations(directory: string, expectations: Expectations): Promise<void> {
  const path = join(directory, EXPECTATIONS_FILE);
  try {
    await writeFile(path, `${JSON.stringify(expectations)}\n`, { flush: true });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw checkpointError(`${path} cannot be written: ${reason}`, error);
  }
}
