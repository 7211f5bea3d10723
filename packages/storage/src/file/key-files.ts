import { mkdir, opendir, rmdir, stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { JobError } from '@styleflow/contracts';
import { checkKey } from '../keys/check-key.js';
import type { ObjectFacts } from '../port/object-store.js';

/** Longest file name that the usual file systems take (NAME_MAX). */
const MAX_NAME_BYTES = 255;

/**
 * The file name for one segment of a key: letters, digits and `-_.~` stay as they are, every other byte becomes `%XX`.
 * A segment is never `.` or `..`, and `/` is encoded, so no key leads outside the store's folder.
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
  /** The key of a file; for a folder what all of its keys begin with, ending in a slash. */
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
    // The folder was deleted meanwhile, so it holds no objects any more.
    if (!isGone(error)) throw error;
  }
  // Folders are sorted with their slash, so that walking them in this order gives whole keys in order.
  return entries.sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)));
}

/**
 * The objects below `root` whose keys start with `prefix`, in the order of keys. It holds the names of one folder a
 * level.
 */
export async function* walkKeys(root: string, prefix: string): AsyncGenerator<ObjectFacts, void> {
  // Start in the prefix's own folder: it may have very many neighbours, which need not be read.
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

/**
 * Makes a folder below `root` with those above it, but never `root` itself: where that is missing, a disk is not mounted.
 * @throws ENOENT then
 */
export async function makeFolders(root: string, folder: string): Promise<void> {
  if (isSelfOrOutside(root, folder)) return;
  try {
    await mkdir(folder);
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === 'EEXIST' && (await stat(folder)).isDirectory()) return;
    if (code !== 'ENOENT' || isSelfOrOutside(root, dirname(folder))) throw error;
    await makeFolders(root, dirname(folder));
    await makeFolders(root, folder);
  }
}

/** Removes the folders that a deleted file has left empty, up to but not including `root`. */
export async function pruneFolders(root: string, file: string): Promise<void> {
  for (let folder = dirname(file); !isSelfOrOutside(root, folder); folder = dirname(folder)) {
    try {
      await rmdir(folder);
    } catch (error) {
      if (isGone(error)) continue;
      // The folder is not empty, perhaps because another process has just written into it.
      return;
    }
  }
}

function isSelfOrOutside(root: string, folder: string): boolean {
  const path = relative(root, folder);
  return path === '' || path.split(sep)[0] === '..';
}

/** Whether the path leads nowhere: there is no such file, or a part of the path is no folder. */
function isGone(error: unknown): boolean {
  const { code } = error as { code?: string };
  return code === 'ENOENT' || code === 'ENOTDIR';
}

/** For `.catch`: answers null when the file is gone, and throws every other error again. */
export function nullIfGone(error: unknown): null {
  if (isGone(error)) return null;
  throw error;
}
