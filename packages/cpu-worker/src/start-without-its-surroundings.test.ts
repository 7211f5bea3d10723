import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '@styleflow/runtime';
import { startFaultyLink, until } from '@styleflow/testing';
import { expect, it } from 'vitest';
import { runCpuWorker } from './run-cpu-worker.js';
import { quietLogger, startTestSystem } from './test-system.js';

/** A logger that keeps what it warns of. */
function listening(): { logger: Logger; said: string[] } {
  const said: string[] = [];
  const logger = Object.create(quietLogger, {
    warn: { value: (...words: unknown[]) => void said.push(String(words.at(-1))) },
  }) as Logger;
  return { logger, said };
}

it('a cpu worker that starts while Redis and its store are away says so, waits, and goes on when they are there', async () => {
  const system = await startTestSystem();
  const link = await startFaultyLink({ port: system.redis.port });
  const store = join(system.folder, 'store');
  await rename(store, `${store}.away`);
  link.cut();
  const { logger, said } = listening();
  const starting = runCpuWorker({ ...system.env, STYLEFLOW_REDIS_URL: `redis://127.0.0.1:${link.port}` }, logger);
  await until('it misses Redis', () => said.some((line) => line.startsWith('redis is not there: ')));
  link.restore();
  await until('it misses the store', () =>
    said.some((line) => /^store is not there: .*which Redis knows as .* Is its disk mounted/.test(line)),
  );
  await rename(`${store}.away`, store);
  const worker = await starting;
  expect(said.filter((line) => /is not there/.test(line))).toHaveLength(2);
  await worker.stop();
  await link.stop();
  await system.stop();
});

it('a cpu worker whose surroundings are there warns of none of them, at its very first start either', async () => {
  const system = await startTestSystem();
  const { logger, said } = listening();
  const fresh = { ...system.env, STYLEFLOW_STORE: { kind: 'file', folder: join(system.folder, 'fresh') } as const };
  await system.redis.command('FLUSHALL');
  const worker = await runCpuWorker(fresh, logger);
  expect(said.filter((line) => /is not there/.test(line))).toEqual([]);
  await worker.stop();
  await system.stop();
});
