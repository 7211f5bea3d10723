import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { EntryListSchema, QueueFactsSchema, QueueListSchema } from '@styleflow/contracts';
import { makeVideo, until } from '@styleflow/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type SystemUnderTest, startSystem } from '../system/system.js';

const CLI = fileURLToPath(new URL('../../../packages/cli/dist/main.js', import.meta.url));

let system: SystemUnderTest;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system.stop());

/** The output of `styleflow queues …`. */
async function queues(...words: string[]): Promise<string> {
  const args = [CLI, 'queues', ...words, '--api', system.url];
  return (await promisify(execFile)(process.execPath, args, { env: { PATH: process.env.PATH } })).stdout;
}

it('an operator stops the clips of a bundle, sees what waits, and lets them go on', async () => {
  // A score queue exists only after a clip has been in it.
  const first = await system.client.submitFile(await makeVideo({ frames: 40 }));
  expect(await system.client.wait(first.id)).toMatchObject({ status: 'succeeded' });
  const listed = QueueListSchema.parse(JSON.parse(await queues('--json')));
  const score = listed.queues.find(({ bundle }) => bundle !== undefined);
  if (score === undefined) throw new Error('no queue has a bundle');
  expect(score).toMatchObject({ workers: 1, paused: false });

  expect(await queues('pause', score.name)).toMatch(/PAUSED/);
  const job = await system.client.submitFile(await makeVideo({ frames: 40 }));
  const waiting = await until('its clip waits', async () => {
    const { entries } = EntryListSchema.parse(
      JSON.parse(await queues('show', score.name, '--state', 'waiting', '--json')),
    );
    return entries[0];
  });
  expect(waiting).toMatchObject({ job: job.id, stage: 'score', track: 0, clip: 0 });
  expect(await queues('entry', score.name, waiting.id)).toContain(`parent    ${job.id}.1.finish`);
  await until('nothing but the clip is left to do', async () => (await system.client.job(job.id)).status === 'scoring');

  const resumed = QueueFactsSchema.parse(JSON.parse(await queues('resume', score.name, '--json')));
  expect(resumed.paused).toBe(false);
  expect(await system.client.wait(job.id)).toMatchObject({ status: 'succeeded' });
});

it('the system shows who works, where, with what and how busy', async () => {
  const { workers } = await system.client.system();
  const byKind = Object.fromEntries(workers.map((worker) => [worker.kind, worker]));
  expect(byKind['cpu-worker']).toMatchObject({ pid: system.cpuWorker.pid, slots: { prepare: { total: 1 } } });
  expect(byKind['gpu-worker']).toMatchObject({
    ...{ pid: system.gpuWorker.pid, provider: 'cpu', slots: { score: { total: 3 } } },
    queue: expect.stringMatching(/^score\.[0-9a-f]{12}$/),
    clipsPerSecond: expect.any(Number),
  });
});
