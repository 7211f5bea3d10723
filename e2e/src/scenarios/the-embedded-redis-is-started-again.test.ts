import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedSystem } from '@styleflow/cli';
import { StyleFlowClient } from '@styleflow/client';
import { killProcess, makeVideo, until } from '@styleflow/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';

let dataFolder: string;
beforeAll(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), 'styleflow-embedded-'));
});
afterAll(() => rm(dataFolder, { recursive: true, force: true }));

it('a Redis that is killed in the middle of a job is started again and said, and the job succeeds', async () => {
  const said: string[] = [];
  const env = { ...process.env, STYLEFLOW_LOCK_SECONDS: '4', STYLEFLOW_SWEEP_SECONDS: '1' };
  const say = (sentence: string) => void said.push(sentence);
  const system = await startEmbeddedSystem({ dataFolder, port: 0, env, say });
  try {
    const client = new StyleFlowClient({ api: system.apiUrl });
    const before = system.pids();
    const { id } = await client.submitFile(await makeVideo({ frames: 320 }), { options: { maxFrames: 0 } });
    await until('it is decoded', async () => (await client.job(id)).progress.framesDecoded > 0);
    await killProcess(before.redis ?? -1);
    await until('Redis is back', () => said.includes('redis-server is back'));
    const ended = await until('the job has ended', async () => {
      const job = await client.job(id).catch(() => null);
      return job?.finishedAt ? job : null;
    });
    expect(ended).toMatchObject({ status: 'succeeded' });
    expect(said).toEqual(['redis-server ended unexpectedly (SIGKILL); starting it again', 'redis-server is back']);
    const { redis: _, ...processes } = system.pids();
    expect({ ...before, ...processes }).toEqual(before);
  } finally {
    await system.stop();
  }
});
