import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BundleFacts, entryId } from '@styleflow/contracts';
import { connectQueue, type QueueConnection } from '@styleflow/queue';
import { createLogger } from '@styleflow/runtime';
import { type ObjectStore, openObjectStore } from '@styleflow/storage';
import { killProcess, type RedisServer, startRedis, until } from '@styleflow/testing';
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
  folder = await mkdtemp(join(tmpdir(), 'styleflow-broken-device-'));
  env = { STYLEFLOW_REDIS_URL: redis.url, STYLEFLOW_STORE: `file:${join(folder, 'store')}`, STYLEFLOW_MAX_BATCH: '2' };
  store = await openObjectStore(readEnv(env));
  connection = await connectQueue(readEnv(env), { logger: createLogger('test', 'silent') });
});
afterAll(async () => {
  await connection?.close();
  await store?.close();
  await redis?.stop();
  await rm(folder, { recursive: true });
});

/** Code of a module that makes the score thread die as soon as the file exists, as its device's watch would. */
const diesAt = (file: string): string => `
import { existsSync } from 'node:fs';
import { isMainThread, workerData } from 'node:worker_threads';
if (!isMainThread && workerData?.unpackThreads) {
  setInterval(() => {
    if (existsSync(${JSON.stringify(file)})) throw new Error('the device has not answered');
  }, 20);
}`;

it('a worker whose device is given up ends, and its clips wait for others with all their attempts', async () => {
  const [module, sign] = [join(folder, 'dies.mjs'), join(folder, 'sign')];
  await writeFile(module, diesAt(sign));
  const simulated = { STYLEFLOW_SIMULATED_DEVICE: '500+1', STYLEFLOW_BATCH_WAIT_MS: '0', STYLEFLOW_ADMIN_PORT: '0' };
  const child = spawn(process.execPath, ['--import', module, MAIN], {
    env: { PATH: process.env.PATH ?? '', ...env, ...simulated },
    stdio: ['ignore', 'ignore', 'ignore'],
  });
  const exited = once(child, 'exit');
  try {
    const bundle = await until('it serves', async () => (await connection.announcements.bundles())[0] as BundleFacts);
    const job = await startJob(connection, bundle);
    const clips = Array.from({ length: 40 }, (_, clip) => clip);
    await Promise.all(clips.map((clip) => storeClip(store, job, clip, clip)));
    await Promise.all(clips.map((clip) => connection.queue.addScore(scorePayload(job, clip), bundle.digest, 5)));
    await until('a first clip is scored', async () => (await connection.records.read(job))?.progress.clipsScored);
    await writeFile(sign, '');
    expect((await exited)[0]).toBe(1);
    const queue = `score.${bundle.digest.slice(0, 12)}`;
    const entries = await Promise.all(
      clips.map((clip) => connection.inspector.entry(queue, entryId.score({ job, run: 1, track: 0, clip }))),
    );
    // Clips that were scored have ended. None of the others is delayed; it would be after a failure.
    const others = entries.filter((entry) => entry?.state !== 'completed');
    expect(others.length).toBeGreaterThan(0);
    expect(new Set(others.map((entry) => `${entry?.state} ${entry?.attempts.failed}`))).toEqual(new Set(['waiting 0']));
  } finally {
    await killProcess(child.pid ?? 0);
  }
}, 120_000);
