import { execFileSync } from 'node:child_process';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RedisServer, startRedis } from './redis-server.js';

export interface SkewedRedis extends RedisServer {
  /** From now on its wall clock is so far ahead of the machine's; behind, when negative. Its steady clock goes on as before. */
  setClock(aheadMs: number): Promise<void>;
}

/** A real redis-server whose wall clock a test can move while it runs (by Debian's `faketime`). */
export async function startSkewedRedis(): Promise<SkewedRedis> {
  const folder = await mkdtemp(join(tmpdir(), 'styleflow-clock-'));
  const file = join(folder, 'offset');
  async function setClock(aheadMs: number): Promise<void> {
    // Renamed into its place: the server reads it at every look at the clock.
    await writeFile(`${file}.next`, `${aheadMs < 0 ? '-' : '+'}${Math.abs(aheadMs) / 1000}\n`);
    await rename(`${file}.next`, file);
  }
  await setClock(0);
  const server = await startRedis(
    {},
    {
      LD_PRELOAD: `${findFaketime()} libc.so.6`,
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: '1',
      DONT_FAKE_MONOTONIC: '1',
    },
  );
  return {
    ...server,
    get pid() {
      return server.pid;
    },
    setClock,
    async stop() {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/**
 * Where the library lies differs from machine to machine; the program knows. It stands before the C library in LD_PRELOAD, so that
 * this one's `malloc` comes before jemalloc's, which looks at the clock before the library is ready to answer.
 */
function findFaketime(): string {
  return execFileSync('faketime', ['-f', '+0', 'printenv', 'LD_PRELOAD'], { encoding: 'utf8' }).trim();
}
