import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { builtInClips } from '@styleflow/bundles/verify';
import { importBundle } from '@styleflow/converter';
import { connectQueue, type QueueConnection } from '@styleflow/queue';
import { createLogger } from '@styleflow/runtime';
import { clipScoreKey, type ObjectStore, openObjectStore } from '@styleflow/storage';
import { killProcess, type RedisServer, startRedis, until } from '@styleflow/testing';
import { FAMILY } from '@styleflow/testing/models';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readEnv } from './env.js';
import { scorePayload, startJob, storeClip } from './test-jobs.js';

const MAIN = fileURLToPath(new URL('./main.js', import.meta.url));

let redis: RedisServer;
let folder: string;
let store: ObjectStore;
let connection: QueueConnection;
let env: Record<string, string>;
beforeAll(async () => {
  redis = await startRedis();
  folder = await mkdtemp(join(tmpdir(), 'styleflow-int8-worker-'));
  const bundle = join(folder, 'int8');
  const clips = [1, 2, 3, 4].map((seed) => ({
    name: `clip ${seed}`,
    read: async () => builtInClips([seed]).data as Uint8Array<ArrayBuffer>,
  }));
  await importBundle({
    ...{ checkpoints: { content: FAMILY.content }, directory: bundle, name: 'int8', trained: true, threshold: 0.2 },
    ...{ parts: false, precision: 'int8', int8: { clips, weightBits: 7 } },
  });
  env = {
    ...{ PATH: process.env.PATH ?? '', STYLEFLOW_REDIS_URL: redis.url, STYLEFLOW_BUNDLE: bundle },
    ...{ STYLEFLOW_STORE: `file:${join(folder, 'store')}`, STYLEFLOW_ADMIN_PORT: '0', STYLEFLOW_MAX_BATCH: '1' },
    STYLEFLOW_GRAPH_CACHE: join(folder, 'graphs'),
  };
  store = await openObjectStore(readEnv(env));
  connection = await connectQueue(readEnv(env), { logger: createLogger('test', 'silent') });
}, 60_000);
afterAll(async () => {
  await connection?.close();
  await store?.close();
  await redis?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Scores one clip by a worker that is started for it and leaves in order. @returns its logit */
async function scoreByNewWorker(): Promise<unknown> {
  const child = spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'pipe', 'ignore'] });
  try {
    await until('it serves', async () =>
      child.exitCode === null ? child.stdout.read() : Promise.reject(new Error('no')),
    );
    const [bundle] = await connection.announcements.bundles();
    if (!bundle) throw new Error('no bundle was announced');
    expect(bundle).toMatchObject({ precision: 'int8', variant: 'content' });
    const job = await startJob(connection, bundle);
    await storeClip(store, job, 0, 1);
    await connection.queue.addScore(scorePayload(job, 0), bundle.digest, 5);
    const key = clipScoreKey(job, 1, 0, 0);
    await until('the clip is scored', async () => store.head(key));
    const score = JSON.parse(String(await store.get(key))) as { provider: string; logit: number };
    expect(score.provider).toBe('cpu');
    const left = once(child, 'exit');
    child.kill('SIGTERM');
    await left;
    return score.logit;
  } finally {
    await killProcess(child.pid ?? 0);
  }
}

it('a worker on the CPU serves a bundle in int8, jobs are fixed to that, and the graph that it keeps gives the same bits', async () => {
  const first = await scoreByNewWorker();
  expect(await readdir(join(folder, 'graphs'))).toHaveLength(1);
  expect(await scoreByNewWorker()).toBe(first);
}, 60_000);

it('a worker with a card refuses it, and says what to do', async () => {
  const bin = await mkdtemp(join(folder, 'bin-'));
  await writeFile(join(bin, 'nvidia-smi'), `#!/bin/sh\necho '0, GPU-aaaa, NVIDIA RTX A6000, 49140, 1, 0'\n`);
  await chmod(join(bin, 'nvidia-smi'), 0o755);
  const card = { PATH: `${bin}${delimiter}${env.PATH}`, STYLEFLOW_EXECUTION_PROVIDERS: 'cuda' };
  const child = spawn(process.execPath, [MAIN], { env: { ...env, ...card }, stdio: ['ignore', 'ignore', 'pipe'] });
  const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  expect(code).toBe(1);
  expect(said).toMatch(/int8@\w+ is int8, which is for workers without a card: .*STYLEFLOW_EXECUTION_PROVIDERS=cpu/);
}, 60_000);
