import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** A name of an entry. Whatever is named otherwise is being written, or was left by a process that was killed. */
const ENTRY_NAME = /^[0-9a-f]{32}$/;
/** No worker writes an entry for so long. */
const LONGEST_WRITE_MS = 24 * 3_600_000;

interface Bound {
  readonly mostBytes: number;
  /** The entry that stays in any case. */
  readonly newest: string;
}

/**
 * Removes the least recently used entries of a folder until the rest has at most so many bytes, and what killed processes
 * left. A worker that runs a graph which is removed keeps it: the files are mapped into its memory.
 */
export async function boundFolder(folder: string, { mostBytes, newest }: Bound): Promise<void> {
  const entries: { path: string; bytes: number; usedAt: number }[] = [];
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const found = await stat(path).catch(() => null);
    if (found === null || !found.isDirectory()) continue;
    if (ENTRY_NAME.test(name)) entries.push({ path, bytes: await bytesIn(path), usedAt: found.mtimeMs });
    else if (Date.now() - found.mtimeMs > LONGEST_WRITE_MS) await rm(path, { recursive: true, force: true });
  }
  entries.sort((a, b) => Number(b.path === newest) - Number(a.path === newest) || b.usedAt - a.usedAt);
  let kept = 0;
  for (const { path, bytes } of entries) {
    kept += bytes;
    if (kept > mostBytes && path !== newest) await rm(path, { recursive: true, force: true });
  }
}

async function bytesIn(folder: string): Promise<number> {
  const names = await readdir(folder).catch(() => []);
  const sizes = await Promise.all(names.map((name) => stat(join(folder, name)).then(sizeOf, () => 0)));
  return sizes.reduce((sum, size) => sum + size, 0);
}

const sizeOf = ({ size }: { readonly size: number }): number => size;
