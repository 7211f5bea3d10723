import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runCpuWorker } from './run-cpu-worker.js';
import { quietLogger, startTestSystem } from './test-system.js';

it('a cpu worker that is told to stop while Redis is away stops in order and leaves no scratch space behind', async () => {
  const system = await startTestSystem();
  const worker = await runCpuWorker(system.env, quietLogger);
  const scratch = join(system.folder, 'scratch');
  expect(await readdir(scratch)).toHaveLength(1);
  await system.redis.kill9();
  await worker.stop();
  expect(await readdir(scratch)).toEqual([]);
  await system.redis.restart();
  await system.stop();
});
