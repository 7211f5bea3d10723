import { accessSync, constants, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { JobError } from '@styleflow/contracts';
import { folderFault } from '@styleflow/files';
import { makeFolder } from './make-folder.js';

/** Where the logs of the processes lie in a data folder. */
export const LOGS = 'logs';

/**
 * The ownership of a data folder. Only one process may have it, since two Redis servers would destroy their common
 * file.
 */
export interface DataFolderLock {
  release(): void;
}

/**
 * Locks the folder, and makes it and its folder of logs when needed. A lock whose process has ended is taken over.
 * @throws JobError `conflict`, which names the owner, when a running process holds the lock; `invalid_request`, which says what to
 * do, when the folder cannot be made or written.
 */
export function lockDataFolder(folder: string): DataFolderLock {
  makeWritable(folder);
  const path = join(folder, 'owner.pid');
  const mine = `${process.pid} ${startedAt(process.pid) ?? ''}`;
  for (let tries = 0; tries < 3; tries += 1) {
    try {
      writeFileSync(path, mine, { flag: 'wx' });
      return { release: () => rmSync(path, { force: true }) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
        // On a full disk it may be there, and empty.
        rmSync(path, { force: true });
        throw unusable(folder, error);
      }
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

function makeWritable(folder: string): void {
  try {
    makeFolder(folder);
    accessSync(folder, constants.W_OK);
    readdirSync(folder);
    makeFolder(join(folder, LOGS));
    accessSync(join(folder, LOGS), constants.W_OK);
    readdirSync(join(folder, LOGS));
  } catch (cause) {
    throw unusable(folder, cause);
  }
}

function unusable(folder: string, cause: unknown): JobError {
  const message = `--data: ${folder} cannot be used as the data folder: ${folderFault(cause)}`;
  return new JobError('invalid_request', message, { cause });
}

/** The pid in the lock file, when this process still runs. Its start time is compared, since pids are used again. */
function livingOwner(path: string): number | null {
  const [pidText, started = ''] = readOr(path, '').split(' ');
  const pid = Number(pidText);
  if (!Number.isInteger(pid) || pid <= 0) return null;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM means that the process runs, but belongs to another user.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return null;
  }
  const now = startedAt(pid);
  return now !== null && started !== '' && now !== started ? null : pid;
}

/**
 * Moves an old lock away. Of two starts at the same time only one can rename it; the other finds no file and tries
 * again.
 */
function setStaleAside(path: string): void {
  const aside = `${path}.${process.pid}.stale`;
  try {
    renameSync(path, aside);
    rmSync(aside, { force: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

/** When the process began, in clock ticks since the boot; null where there is no /proc. */
function startedAt(pid: number): string | null {
  const stat = readOr(`/proc/${pid}/stat`, '');
  // The name in parentheses may hold spaces, so fields are counted behind it. The start time is field 22 of proc(5).
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
