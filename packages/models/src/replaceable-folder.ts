import { readdir, readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { ModelBundleSchema } from '@styleflow/contracts';
import { checkpointError } from './checkpoint-error.js';
import { ignoreMissing } from './replace-directory.js';

/** The manifest's file name in a bundle's folder. */
export const MANIFEST_FILE = 'bundle.json';

/**
 * Lies in the bundle's folder but is not of the bundle: recording it leaves the id as it is, and a copy of the bundle is
 * whole without it.
 */
export const EXPECTATIONS_FILE = 'expectations.json';

/**
 * A new bundle takes the place of a whole folder, so that may hold nothing but an older bundle.
 * @throws JobError `invalid_request` naming what else is there.
 */
export async function assertReplaceable(directory: string): Promise<void> {
  const found = await readdir(directory, { recursive: true }).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOTDIR') {
      throw checkpointError(`${directory} is a file, not a folder`, error);
    }
    return ignoreMissing(error);
  });
  if (!found || found.length === 0) return;
  if (!found.includes(MANIFEST_FILE)) {
    throw checkpointError(`${directory} holds something that is no bundle: nothing was written`);
  }
  const known = new Set([MANIFEST_FILE, EXPECTATIONS_FILE, ...(await filesOf(directory))]);
  const holdsKnown = (path: string): boolean => [...known].some((file) => file.startsWith(`${path}${sep}`));
  const foreign = found.find((path) => !known.has(path) && !holdsKnown(path));
  if (foreign !== undefined) {
    throw checkpointError(`${directory} holds ${foreign}, which is not of the bundle there: nothing was written`);
  }
}

async function filesOf(directory: string): Promise<string[]> {
  const path = join(directory, MANIFEST_FILE);
  try {
    return Object.keys(ModelBundleSchema.parse(JSON.parse(await readFile(path, 'utf8'))).files);
  } catch (error) {
    throw checkpointError(`${path} is no bundle's manifest: nothing was written`, error);
  }
}
