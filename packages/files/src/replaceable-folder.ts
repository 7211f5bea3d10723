import { readdir, readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { checkpointError } from './checkpoint-error.js';
import { differenceOf, type Origin } from './origin.js';
import { ignoreMissing } from './replace-directory.js';

/** How folders of one kind are recognised. */
export interface FolderKind {
  readonly noun: string;
  readonly manifest: string;
  readonly beside: readonly string[];
  /** What a manifest says of its folder. Throws when it is not valid. */
  read(manifest: unknown): StandingFolder;
}

/** What lies in a folder, as its manifest says. */
export interface StandingFolder {
  /** The folder's name in messages: `the bundle name@digest12`. */
  readonly title: string;
  /** Names of the files that the manifest lists. */
  readonly files: readonly string[];
  readonly origin: Origin;
}

export interface ReplaceableOptions {
  readonly kind: FolderKind;
  /** The origin of what is to be written there, as far as it is known already. */
  readonly origin: Partial<Origin>;
  /** Whether the caller allowed that another bundle (or detector) is replaced. */
  readonly mayReplaceOther: boolean;
}

/**
 * Checks whether a new bundle, or something else with a manifest, may replace the whole folder. Without the caller's
 * word the folder may hold only the same one: of the same name, from the same files. A folder with other content is
 * never replaced.
 * @returns what stands there; null where nothing does.
 * @throws JobError `invalid_request` naming what is there.
 */
export async function assertReplaceable(
  directory: string,
  { kind, origin, mayReplaceOther }: ReplaceableOptions,
): Promise<StandingFolder | null> {
  const found = await readdir(directory, { recursive: true }).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOTDIR') {
      throw checkpointError(`${directory} is a file, not a folder`, error);
    }
    return ignoreMissing(error);
  });
  if (!found || found.length === 0) return null;
  if (!found.includes(kind.manifest)) {
    throw checkpointError(`${directory} holds something that is no ${kind.noun}: nothing was written`);
  }
  const standing = await readFolder(directory, kind);
  const known = new Set([kind.manifest, ...kind.beside, ...standing.files]);
  const holdsKnown = (path: string): boolean => [...known].some((file) => file.startsWith(`${path}${sep}`));
  const foreign = found.find((path) => !known.has(path) && !holdsKnown(path));
  if (foreign !== undefined) {
    throw checkpointError(`${directory} holds ${foreign}, which is not of the ${kind.noun} there: nothing was written`);
  }
  const difference = mayReplaceOther ? null : differenceOf(standing.origin, origin);
  if (difference === null) return standing;
  throw checkpointError(
    `${directory} holds ${standing.title}, and this is another one (${difference}): name another folder, or replace it ` +
      'with --replace; nothing was written',
  );
}

async function readFolder(directory: string, kind: FolderKind): Promise<StandingFolder> {
  const path = join(directory, kind.manifest);
  try {
    return kind.read(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    throw checkpointError(`${path} is no ${kind.noun}'s manifest: nothing was written`, error);
  }
}
