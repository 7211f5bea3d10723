import { execFile } from 'node:child_process';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { makeVideo, until } from '@styleflow/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { comparable } from '../system/comparable-result.js';
import { type SystemUnderTest, startSystem } from '../system/system.js';

const run = promisify(execFile);

/** Longer than all attempts of a stage with their delays would take, if they counted. */
const OUTAGE_MS = 25_000;

let system: SystemUnderTest;
let video: string;
let undisturbed: ReturnType<typeof comparable>;

beforeAll(async () => {
  system = await startSystem();
  video = await makeVideo({ frames: 96 });
  const job = await system.client.submitFile(video);
  await system.client.wait(job.id);
  undisturbed = comparable(await system.client.result(job.id));
});
afterAll(() => system.stop());

/** Two jobs, of which one is under way and one waits when the trouble begins. */
async function submitTwo(): Promise<string[]> {
  const first = await system.client.submitFile(video);
  const second = await system.client.submitFile(video);
  await until('the first is under way', async () => (await system.client.job(first.id)).status !== 'queued');
  return [first.id, second.id];
}

async function endAsUndisturbed(ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    const job = await system.client.wait(id);
    expect([job.status, job.error]).toEqual(['succeeded', undefined]);
    expect(comparable(await system.client.result(id))).toEqual(undisturbed);
  }
}

const readiness = (worker: 'cpu-worker' | 'gpu-worker'): Promise<Response> =>
  fetch(`${system.adminUrls[worker]}/readyz`);

describe('accepted jobs', () => {
  it('wait for a store that is away for longer than attempts would last, and succeed', async () => {
    const ids = await submitTwo();
    const store = join(system.folder, 'store');
    await rename(store, `${store}.away`);
    await pause(OUTAGE_MS);
    for (const id of ids) expect(['queued', 'preparing', 'scoring']).toContain((await system.client.job(id)).status);
    await rename(`${store}.away`, store);
    await endAsUndisturbed(ids);
  });

  it('wait for the scratch disk of the only worker, which takes nothing meanwhile and says why', async () => {
    const scratch = join(system.folder, 'scratch');
    await rename(scratch, `${scratch}.away`);
    const { id } = await system.client.submitFile(video);
    const answer = await until('the worker is not ready', async () => {
      const asked = await readiness('cpu-worker');
      return asked.status === 503 ? asked.text() : undefined;
    });
    expect(answer).toMatch(/scratch/i);
    await rename(`${scratch}.away`, scratch);
    await endAsUndisturbed([id]);
    await until('the worker is ready', async () => (await readiness('cpu-worker')).status === 200);
  });

  it('wait for a Redis without memory, and succeed once it has some', async () => {
    const ids = await submitTwo();
    const setMemory = (bytes: number) =>
      run('redis-cli', ['-p', String(system.redis.port), 'config', 'set', 'maxmemory', String(bytes)]);
    await setMemory(1);
    await pause(OUTAGE_MS);
    await setMemory(1_000_000_000);
    await endAsUndisturbed(ids);
  });
});
