import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Logger } from '@styleflow/runtime';

/** Local disk space for the sources that are being prepared. */
export interface Scratch {
  readonly folder: string;
  /** Runs `task` with an empty folder of its own, which is gone afterwards. */
  withFolder<T>(task: (folder: string) => Promise<T>): Promise<T>;
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

/** Opens this process's own folder under `parent` and removes what killed processes of this host left there. */
export async function openScratch(parent: string, logger: Logger): Promise<Scratch> {
  await mkdir(parent, { recursive: true });
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
      const own = await mkdtemp(join(folder, 'attempt-'));
      try {
        return await task(own);
      } finally {
        await rm(own, { recursive: true, force: true });
      }
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
}
