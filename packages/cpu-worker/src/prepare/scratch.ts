import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, statfs, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { JobError, lackOf } from '@styleflow/contracts';
import { openSettingFolder } from '@styleflow/files';
import type { Logger } from '@styleflow/runtime';

/** Less than this is full: the next source would end in the middle of its fetch. */
const LEAST_FREE_BYTES = 64 * 1024 ** 2;
/** Enough that a full disk refuses it. */
const PROBE_BYTES = 1_000_000;

/** Local disk space for the sources that are being prepared. */
export interface Scratch {
  readonly folder: string;
  /** Runs `task` with an empty folder of its own, which is gone afterwards. */
  withFolder<T>(task: (folder: string) => Promise<T>): Promise<T>;
  /** @throws JobError `internal`, away `scratch`, unless a file of one MB can be written and read here now and space is left. */
  check(): Promise<void>;
  /** Room for sources now, in bytes. */
  freeBytes(): Promise<number>;
  close(): Promise<void>;
}

/** `styleflow-scratch.HOST.PID.xxxxxx`: by its name a later process on the host knows whether its owner still lives. */
const NAME = /^styleflow-scratch\.(.+)\.(\d+)\.[^.]+$/;

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives and belongs to someone else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/**
 * Opens this process's own folder under `parent` and removes what killed processes of this host left there.
 * @throws JobError `invalid_request`, which names the setting, where nothing can be written
 */
export async function openScratch(parent: string, logger: Logger): Promise<Scratch> {
  await openSettingFolder('STYLEFLOW_SCRATCH_DIR', parent);
  for (const name of await readdir(parent)) {
    const [, host, pid] = NAME.exec(name) ?? [];
    // Our own number belongs to the past as well: in a container every restart is process 1.
    if (host !== hostname() || (Number(pid) !== process.pid && isAlive(Number(pid)))) continue;
    logger.info({ folder: name }, 'removing scratch space of a lost process');
    await rm(join(parent, name), { recursive: true, force: true });
  }
  const folder = await mkdtemp(join(parent, `styleflow-scratch.${hostname()}.${process.pid}.`));
  return {
    folder,
    async withFolder(task) {
      const own = await mkdtemp(join(folder, 'attempt-')).catch((cause: unknown) => {
        const { code = 'unknown' } = cause as { code?: string };
        const message = `No folder can be made in scratch space ${folder} (${code})`;
        throw new JobError('internal', message, { cause, away: lackOf(cause) ?? 'scratch' });
      });
      try {
        return await task(own);
      } finally {
        await rm(own, { recursive: true, force: true });
      }
    },
    async check() {
      const probe = join(folder, `probe-${randomUUID()}`);
      try {
        // Tidied away by somebody, it can be made again; without the folder above it the disk itself is gone.
        await mkdir(folder).catch(() => undefined);
        await writeFile(probe, Buffer.alloc(PROBE_BYTES));
        if ((await readFile(probe)).length !== PROBE_BYTES) throw new Error('it was cut off');
        const { bavail, bsize } = await statfs(folder);
        if (bavail * bsize < LEAST_FREE_BYTES) throw new Error('less than 64 MB are free');
      } catch (cause) {
        const { code = String(cause) } = cause as { code?: string };
        const message = `Scratch space ${folder} cannot be written (${code})`;
        throw new JobError('internal', message, { cause, away: lackOf(cause) ?? 'scratch' });
      } finally {
        await rm(probe, { force: true }).catch(() => undefined);
      }
    },
    async freeBytes() {
      const { bavail, bsize } = await statfs(folder);
      return bavail * bsize;
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
}
