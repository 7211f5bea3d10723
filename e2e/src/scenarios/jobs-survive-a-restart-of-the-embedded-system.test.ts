import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedSystem } from '@styleflow/cli';
import { StyleFlowClient } from '@styleflow/client';
import { isAlive, killProcess, makeVideo, until } from '@styleflow/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';

let dataFolder: string;
beforeAll(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), 'styleflow-embedded-'));
});
afterAll(() => rm(dataFolder, { recursive: true, force: true }));

function start() {
  const env = { ...process.env, STYLEFLOW_LOCK_SECONDS: '2', STYLEFLOW_SWEEP_SECONDS: '1' };
  return startEmbeddedSystem({ dataFolder, port: 0, env, say: () => {} });
}

it('jobs accepted before a stop end after the next start, and ended ones are still there', async () => {
  const first = await start();
  const client = new StyleFlowClient({ api: first.apiUrl });
  const ended = await client.submitFile(await makeVideo({ frames: 40 }));
  await client.wait(ended.id);
  const video = await makeVideo({ frames: 96 });
  const waiting = await Promise.all([1, 2, 3].map(() => client.submitFile(video)));
  const pids = Object.values(first.pids());
  await first.stop();
  expect(pids.filter((pid) => pid !== undefined && isAlive(pid))).toEqual([]);

  const second = await start();
  try {
    const again = new StyleFlowClient({ api: second.apiUrl });
    expect((await again.job(ended.id)).status).toBe('succeeded');
    expect((await again.result(ended.id)).faces).toHaveLength(1);
    for (const job of waiting) expect((await again.wait(job.id)).status).toBe('succeeded');
  } finally {
    await second.stop();
  }
});

it('a second start on the same data folder is refused, and the first one lives on', async () => {
  const first = await start();
  try {
    await expect(start()).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('--data') });
    expect((await fetch(`${first.apiUrl}/readyz`)).status).toBe(200);
  } finally {
    await first.stop();
  }
});

it('a worker that is killed is started again', async () => {
  const system = await start();
  try {
    const { 'cpu-worker': pid } = system.pids();
    await killProcess(pid ?? -1);
    await until('another CPU worker runs', () => {
      const { 'cpu-worker': now } = system.pids();
      return now !== undefined && now !== pid;
    });
    const client = new StyleFlowClient({ api: system.apiUrl });
    const job = await client.submitFile(await makeVideo({ frames: 40 }));
    expect((await client.wait(job.id)).status).toBe('succeeded');
  } finally {
    await system.stop();
  }
});
