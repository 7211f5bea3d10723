import { readdir, rename, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';

/** End of the name of a folder that was moved aside to make room for its successor. */
export const OLD_SUFFIX = '.old';

/**
 * A leftover older than this is removed even if another machine made it (on a shared disk). Such a process cannot be
 * asked whether it lives, but no import takes this long.
 */
const LONGEST_FILL_MS = 24 * 3600 * 1000;

/** Part of leftovers' names, because a process id means something on its own machine only. */
const HOST = hostname().replace(/[^A-Za-z0-9-]/g, '-');

/** The beginning of the names of folders that this process fills for `target`. */
export function leftoverPrefix(target: string): string {
  return `${target}.${HOST}.${process.pid}-`;
}

/**
 * Removes what killed processes left beside `target` while they filled a folder for it. A folder that one of them had
 * moved aside goes back to its place when nothing stands there.
 */
export async function clearLeftovers(target: string): Promise<void> {
  const folder = dirname(target);
  for (const name of await readdir(folder)) {
    const owner = ownerOf(name, basename(target));
    const path = join(folder, name);
    if (!owner || (await isInUse(path, owner))) continue;
    // The rename fails when a folder with content is in the place.
    if (name.endsWith(OLD_SUFFIX) && (await rename(path, target).then(yes, no))) continue;
    await rm(path, { recursive: true, force: true });
  }
}

interface Owner {
  readonly host: string;
  readonly pid: number;
}

function ownerOf(name: string, base: string): Owner | null {
  if (!name.startsWith(`${base}.`)) return null;
  const found = /^([A-Za-z0-9-]*)\.(\d+)-[A-Za-z0-9]{6}(\.old)?$/.exec(name.slice(base.length + 1));
  return found ? { host: found[1] ?? '', pid: Number(found[2]) } : null;
}

async function isInUse(path: string, { host, pid }: Owner): Promise<boolean> {
  if (host === HOST) return isAlive(pid);
  const found = await stat(path).catch(() => null);
  return found !== null && Date.now() - found.mtimeMs < LONGEST_FILL_MS;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Any other error means that the process lives and belongs to another user.
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}

const yes = () => true;
const no = () => false;
