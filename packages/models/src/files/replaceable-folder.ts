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

/** What a folder of one kind may hold, beside the manifest and the files that it names. */
export interface FolderKind {
  readonly noun: string;
  readonly manifest: string;
  readonly beside: readonly string[];
  /** Names of the files that a manifest lists; throws when it is not valid. */
  files(manifest: unknown): string[];
}

const BUNDLE_FOLDER: FolderKind = {
  noun: 'bundle',
  manifest: MANIFEST_FILE,
  beside: [EXPECTATIONS_FILE],
  files: (manifest) => Object.keys(ModelBundleSchema.parse(manifest).files),
};

/**
 * A new bundle takes the place of a whole folder, so that may hold nothing but an older bundle; the same goes for other kinds.
 * @throws JobError `invalid_request` naming what else is there.
 */
export async function assertReplaceable(directory: string, kind = BUNDLE_FOLDER): Promise<void> {
  const found = await readdir(directory, { recursive: true }).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOTDIR') {
      throw checkpointError(`${directory} is a file, not a folder`, error);
    }
    return ignoreMissing(error);
  });
  if (!found || found.length === 0) return;
  if (!found.includes(kind.manifest)) {
    throw checkpointError(`${directory} holds something that is no ${kind.noun}: nothing was written`);
  }
  const known = new Set([kind.manifest, ...kind.beside, ...(await filesOf(directory, kind))]);
  const holdsKnown = (path: string): boolean => [...known].some((file) => file.startsWith(`${path}${sep}`));
  const foreign = found.find((path) => !known.has(path) && !holdsKnown(path));
  if (foreign !== undefined) {
    throw checkpointError(`${directory} holds ${foreign}, which is not of the ${kind.noun} there: nothing was written`);
  }
}

async function filesOf(directory: string, kind: FolderKind): Promise<string[]> {
  const path = join(directory, kind.manifest);
  try {
    return kind.files(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    throw checkpointError(`${path} is no ${kind.noun}'s manifest: nothing was written`, error);
  }
}
