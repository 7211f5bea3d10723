import { opendir, rmdir, stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { JobError } from '@styleflow/contracts';
import { checkKey } from '../keys/check-key.js';
import type { ObjectFacts } from '../port/object-store.js';

/** NAME_MAX of the usual file systems. */
const MAX_NAME_BYTES = 255;

/**
 * One segment of a key as a file name: letters, digits and `-_.~` stand for themselves, every other byte is `%XX`.
 * Since `.` and `..` are no segments and `/` is encoded, no key names a file outside the store's folder.
 */
function toName(segment: string): string {
  return encodeURIComponent(segment).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** The file (or folder) of a key below `root`. */
export function keyFile(root: string, key: string): string {
  const names = checkKey(key).split('/').map(toName);
  if (names.some((name) => name.length > MAX_NAME_BYTES)) {
    throw new JobError('invalid_request', `The key ${JSON.stringify(key.slice(0, 100))} is too long for a file name`);
  }
  return join(root, ...names);
}

interface Entry {
  /** The key, or for a folder the beginning of its keys, with the slash. */
  readonly key: string;
  readonly path: string;
  readonly isFolder: boolean;
}

async function readFolder(path: string, keyBefore: string): Promise<Entry[]> {
  const entries: Entry[] = [];
  try {
    for await (const entry of await opendir(path)) {
      const isFolder = entry.isDirectory();
      const key = `${keyBefore}${decodeURIComponent(entry.name)}${isFolder ? '/' : ''}`;
      entries.push({ key, path: join(path, entry.name), isFolder });
    }
  } catch (error) {
    // Deleted meanwhile, as its objects are.
    if (!isGone(error)) throw error;
  }
  // A folder sorts with its slash, so that what is listed in order is in the order of whole keys.
  return entries.sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)));
}

/** The objects below `root` whose keys start with `prefix`, in key order; holds the names of one folder a level. */
export async function* walkKeys(root: string, prefix: string): AsyncGenerator<ObjectFacts, void> {
  // Straight to the prefix's own folder: its neighbours may be very many.
  const keyBefore = prefix.slice(0, prefix.lastIndexOf('/') + 1);
  const folder = keyBefore === '' ? root : keyFile(root, keyBefore.slice(0, -1));
  yield* walkFolder(folder, keyBefore, prefix);
}

async function* walkFolder(path: string, keyBefore: string, prefix: string): AsyncGenerator<ObjectFacts, void> {
  for (const entry of await readFolder(path, keyBefore)) {
    if (!entry.key.startsWith(prefix)) continue;
    if (entry.isFolder) {
      yield* walkFolder(entry.path, entry.key, prefix);
      continue;
    }
    const facts = await stat(entry.path).catch(nullIfGone);
    if (facts !== null) yield { key: entry.key, bytes: facts.size, modifiedAt: facts.mtime };
  }
}

/** Removes the folders of a deleted file that are empty now, up to `root`. */
export async function pruneFolders(root: string, file: string): Promise<void> {
  for (let folder = dirname(file); !isSelfOrOutside(root, folder); folder = dirname(folder)) {
    try {
      await rmdir(folder);
    } catch (error) {
      if (isGone(error)) continue;
      // Not empty, or just filled by a writer.
      return;
    }
  }
}

function isSelfOrOutside(root: string, folder: string): boolean {
  const path = relative(root, folder);
  return path === '' || path.split(sep)[0] === '..';
}

/** No such file, or a file where the path wants a folder. */
function isGone(error: unknown): boolean {
  const { code } = error as { code?: string };
  return code === 'ENOENT' || code === 'ENOTDIR';
}

/** For `.catch`: what is gone is null, all else is thrown on. */
export function nullIfGone(error: unknown): null {
  if (isGone(error)) return null;
  throw error;
}
