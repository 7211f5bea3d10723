import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { decodeClip } from '@styleflow/clips';
import { JobError } from '@styleflow/contracts';
import type { TrialClip } from '@styleflow/converter';

/**
 * The `.clip` files (docs/clip-format.md) of a folder and of those in it, by name.
 * @throws JobError `invalid_request` when there is none or the folder cannot be read.
 */
export async function folderClips(folder: string): Promise<TrialClip[]> {
  let entries: Awaited<ReturnType<typeof listFiles>>;
  try {
    entries = await listFiles(folder);
  } catch (cause) {
    throw new JobError('invalid_request', `${folder} cannot be read, and is no job: ${sentence(cause)}`, { cause });
  }
  const paths = entries.filter((path) => path.endsWith('.clip')).sort();
  if (paths.length === 0) {
    throw new JobError('invalid_request', `${folder} holds no .clip files (unpack the shards of a data set with tar)`);
  }
  return paths.map((path) => ({ name: relative(folder, path), read: () => readClip(path) }));
}

async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

async function readClip(path: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await decodeClip(await readFile(path));
  } catch (cause) {
    throw new JobError('invalid_request', `${path} cannot be read: ${sentence(cause)}`, { cause });
  }
}

function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
