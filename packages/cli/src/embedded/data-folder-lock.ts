import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { JobError } from '@styleflow/contracts';

/** Makes one process the owner of a data folder: two Redis servers appending to one file would destroy it. */
export interface DataFolderLock {
  release(): void;
}

/**
 * Takes the folder, creating it when needed. A lock left by a process that is gone is taken over.
 * @throws JobError `conflict` naming the owner when a living process holds it.
 */
export function lockDataFolder(folder: string): DataFolderLock {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 'owner.pid');
  const mine = `${process.pid} ${startedAt(process.pid) ?? ''}`;
  for (let tries = 0; tries < 3; tries += 1) {
    try {
      writeFileSync(path, mine, { flag: 'wx' });
      return { release: () => rmSync(path, { force: true }) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const owner = livingOwner(path);
    if (owner !== null) {
      throw new JobError(
        'conflict',
        `${folder} is in use by the running system with process id ${owner}; stop it, or choose another folder with --data`,
      );
    }
    setStaleAside(path);
  }
  throw new JobError('conflict', `${folder} is being taken by another start at this moment`);
}

/** The pid in the lock file when that very process lives; a reused pid has another start time. */
function livingOwner(path: string): number | null {
  const [pidText, started = ''] = readOr(path, '').split(' ');
  const pid = Number(pidText);
  if (!Number.isInteger(pid) || pid <= 0) return null;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives and belongs to somebody else.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return null;
  }
  const now = startedAt(pid);
  return now !== null && started !== '' && now !== started ? null : pid;
}

/** Only one of two concurrent starts wins the rename; the other finds the file gone and tries again. */
function setStaleAside(path: string): void {
  const aside = `${path}.${process.pid}.stale`;
  try {
    renameSync(path, aside);
    rmSync(aside, { force: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

/** Clock ticks since boot at which the process began; null where /proc does not exist. */
function startedAt(pid: number): string | null {
  const stat = readOr(`/proc/${pid}/stat`, '');
  // The name in parentheses may hold spaces: fields count from behind it. Start time is field 22 of proc(5).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[19] ?? null;
}

function readOr(path: string, fallback: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return fallback;
  }
}
