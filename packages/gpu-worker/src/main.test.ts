import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { untrainedBundleDirectory } from '@styleflow/bundles';
import type { BundleFacts } from '@styleflow/contracts';
import { connectQueue, type QueueConnection } from '@styleflow/queue';
import { createLogger } from '@styleflow/runtime';
import { clipScoreKey, type ObjectStore, openObjectStore } from '@styleflow/storage';
import { findFreePort, killProcess, type RedisServer, startRedis, until } from '@styleflow/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readEnv } from './env.js';
import { scorePayload, startJob, storeClip } from './test-jobs.js';

const MAIN = fileURLToPath(new URL('./main.js', import.meta.url));

describe('the gpu-worker process', { timeout: 180_000 }, () => {
  let redis: RedisServer;
  let folder: string;
  let store: ObjectStore;
  let connection: QueueConnection;
  let env: Record<string, string>;
  const children: ChildProcess[] = [];

  beforeAll(async () => {
    redis = await startRedis();
    folder = await mkdtemp(join(tmpdir(), 'styleflow-gpu-main-'));
    env = {
      PATH: process.env.PATH ?? '',
      STYLEFLOW_REDIS_URL: redis.url,
      STYLEFLOW_STORE: `file:${join(folder, 'store')}`,
      STYLEFLOW_MAX_BATCH: '2',
      STYLEFLOW_ADMIN_PORT: '0',
    };
    store = await openObjectStore(readEnv(env));
    connection = await connectQueue(readEnv(env), { logger: createLogger('test', 'silent') });
  });
  afterEach(async () => {
    await Promise.all(children.splice(0).map((child) => killProcess(child.pid ?? 0)));
  });
  afterAll(async () => {
    await connection?.close();
    await store?.close();
    await redis?.stop();
    await rm(folder, { recursive: true });
  });

  function start(changes: Record<string, string> = {}) {
    const child = spawn(process.execPath, [MAIN], { env: { ...env, ...changes }, stdio: ['ignore', 'pipe', 'pipe'] });
    children.push(child);
    const output = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk: Buffer) => {
      output.stdout += chunk;
    });
    child.stderr.on('data', (chunk: Buffer) => {
      output.stderr += chunk;
    });
    const ended = once(child, 'close').then(([code]) => code as number | null);
    const ready = async (): Promise<number> => {
      const read = () => {
        if (child.exitCode !== null) throw new Error(output.stderr);
        return /\{"ready":true,"port":(\d+)\}\n/.exec(output.stdout);
      };
      const line = await until('the worker is ready', read, { timeoutMs: 60_000 });
      return Number(line[1]);
    };
    return { child, output, ended, ready };
  }
  const readBundle = async () => (await connection.announcements.bundles())[0] as BundleFacts;
  /** The facts that the worker announces in Redis. */
  const factsOf = async ({ pid }: ChildProcess) =>
    (await connection.announcements.workers()).find((worker) => worker.pid === pid);

  it('refuses to start without the provider that it must have', async () => {
    const smi = await fakeSmi('0, GPU-aaaa, NVIDIA RTX A6000, 49140, 1, 0');
    const { ended, output } = start({ ...smi, STYLEFLOW_EXECUTION_PROVIDERS: 'tensorrt,cpu' });
    expect(await ended).toBe(1);
    expect(output.stdout).toBe('');
    expect(output.stderr).toMatch(/error: internal: the execution provider tensorrt .*available here: .*cpu/);
  });

  it('refuses to start on a card of another name', async () => {
    const smi = await fakeSmi('0, GPU-aaaa, NVIDIA GeForce RTX 4090, 24564, 1, 0');
    const { ended, output } = start({ ...smi, STYLEFLOW_EXECUTION_PROVIDERS: 'cuda,cpu' });
    expect(await ended).toBe(1);
    expect(output.stderr).toContain('GPU 0 is a NVIDIA GeForce RTX 4090, but STYLEFLOW_GPU_NAME wants "RTX A6000"');
  });

  it('serves with a simulated device and says so in every score', async () => {
    const { child, ended, ready } = start({ STYLEFLOW_SIMULATED_DEVICE: '5+1', STYLEFLOW_EXECUTION_PROVIDERS: 'cuda' });
    await ready();
    const bundle = await readBundle();
    const job = await startJob(connection, bundle);
    await storeClip(store, job, 0, 1);
    await connection.queue.addScore(scorePayload(job, 0), bundle.digest, 5);
    const key = clipScoreKey(job, 1, 0, 0);
    await until('the clip is scored', async () => store.head(key));
    expect(JSON.parse(String(await store.get(key)))).toMatchObject({ provider: 'simulated' });
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
  });

  it('never serves a trained bundle with a simulated device', async () => {
    const trained = join(folder, 'trained');
    await cp(untrainedBundleDirectory(), trained, { recursive: true });
    const manifest = join(trained, 'bundle.json');
    const text = await readFile(manifest, 'utf8');
    await writeFile(manifest, JSON.stringify({ ...JSON.parse(text), trained: true }));
    const { ended, output } = start({ STYLEFLOW_SIMULATED_DEVICE: '5+1', STYLEFLOW_BUNDLE: trained });
    expect(await ended).toBe(1);
    expect(output.stderr).toContain('STYLEFLOW_SIMULATED_DEVICE serves untrained bundles only');
  });

  it('names every wrong setting', async () => {
    const { ended, output } = start({ STYLEFLOW_EXECUTION_PROVIDERS: 'gpu', STYLEFLOW_MAX_BATCH: 'many' });
    expect(await ended).toBe(2);
    expect(output.stderr).toContain('STYLEFLOW_EXECUTION_PROVIDERS');
    expect(output.stderr).toContain('STYLEFLOW_MAX_BATCH: allowed: a whole number');
  });

  it('serves its health and metrics, scores, and leaves in order when it is told to', async () => {
    const { child, ended, ready, output } = start();
    const port = await ready();
    const page = async (path: string) => (await fetch(`http://127.0.0.1:${port}${path}`)).text();
    expect(JSON.parse(await page('/readyz'))).toMatchObject({
      health: 'ready',
      ready: true,
      checks: { store: 'ok', redis: 'ok' },
    });
    expect(await page('/metrics')).toMatch(/^styleflow_worker_busy_ratio 0$/m);
    const bundle = await readBundle();
    const job = await startJob(connection, bundle);
    await storeClip(store, job, 0, 1);
    await connection.queue.addScore(scorePayload(job, 0), bundle.digest, 5);
    await until('the clip is scored', async () => store.head(clipScoreKey(job, 1, 0, 0)));
    await until('the metric tells', async () => (await page('/metrics')).includes('styleflow_clips_scored_total 1'));
    expect(await page('/metrics')).toContain('styleflow_inference_seconds_count{provider="cpu"} 1');
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(await factsOf(child)).toBeUndefined();
    expect(output.stdout.trim().split('\n')).toHaveLength(1);
  });

  it('is seen from its first moment: starting, not ready, without slots', async () => {
    const admin = await findFreePort();
    const { child } = start({
      STYLEFLOW_ADMIN_PORT: String(admin),
      // The warm-up takes longer than this test, so the worker stays `starting`.
      STYLEFLOW_SIMULATED_DEVICE: '600000+1',
    });
    const ask = async (path: string) => fetch(`http://127.0.0.1:${admin}${path}`).catch(() => null);
    const first = await until('it answers', () => ask('/healthz'));
    expect([first.status, await first.json()]).toEqual([200, { health: 'starting' }]);
    expect((await ask('/startupz'))?.status).toBe(503);
    expect((await ask('/readyz'))?.status).toBe(503);
    expect(await (await ask('/metrics'))?.text()).not.toMatch(/^styleflow_worker_busy_ratio /m);
    expect(await until('it is announced', () => factsOf(child))).toMatchObject({
      health: 'starting',
      slots: { score: { busy: 0, total: 0 } },
    });
    expect((await ask('/readyz'))?.status).toBe(503);
  });

  it('is seen as ready, with its slots, once it is warm', async () => {
    const { ready, child, ended } = start({ STYLEFLOW_SIMULATED_DEVICE: '5+1' });
    const port = await ready();
    expect((await fetch(`http://127.0.0.1:${port}/startupz`)).status).toBe(200);
    expect(await factsOf(child)).toMatchObject({ health: 'ready', slots: { score: { busy: 0, total: 6 } } });
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
  });

  it('leaves in order, too, while Redis is away', async () => {
    const own = await startRedis();
    const { child, ended, ready, output } = start({
      STYLEFLOW_REDIS_URL: own.url,
      STYLEFLOW_SIMULATED_DEVICE: '5+1',
      STYLEFLOW_SHUTDOWN_GRACE_SECONDS: '0',
    });
    await ready();
    await own.kill9();
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(output.stderr).toContain('could not withdraw this worker');
    expect(output.stderr).toContain('"msg":"stopped"');
    await own.stop();
  });

  it('loses no clip when it is killed in the middle of a batch: the next worker takes over', async () => {
    const settings = { STYLEFLOW_LOCK_SECONDS: '2', STYLEFLOW_BATCH_WAIT_MS: '0' };
    // The worker needs ten seconds for these clips. Up to eight may pass before this test kills it.
    const first = start({ ...settings, STYLEFLOW_SIMULATED_DEVICE: '2000+1' });
    await first.ready();
    const bundle = await readBundle();
    const job = await startJob(connection, bundle);
    const clips = Array.from({ length: 8 }, (_, clip) => clip);
    await Promise.all(clips.map((clip) => storeClip(store, job, clip, clip)));
    await Promise.all(clips.map((clip) => connection.queue.addScore(scorePayload(job, clip), bundle.digest, 5)));
    await until('a first clip is scored', async () => (await connection.records.read(job))?.progress.clipsScored);
    await killProcess(first.child.pid ?? 0);
    expect((await connection.records.read(job))?.progress.clipsScored).toBeLessThan(clips.length);
    const second = start({ ...settings, STYLEFLOW_SIMULATED_DEVICE: '5+1' });
    await second.ready();
    await until(
      'every clip is counted',
      async () => (await connection.records.read(job))?.progress.clipsScored === clips.length,
      { timeoutMs: 60_000 },
    );
    for (const clip of clips) expect(await store.head(clipScoreKey(job, 1, 0, clip))).not.toBeNull();
    expect((await connection.queue.childFailures({ job, run: 1 })).clips).toEqual([]);
  });

  /** Puts an nvidia-smi of the test on the PATH. */
  async function fakeSmi(gpu: string): Promise<Record<string, string>> {
    const bin = await mkdtemp(join(folder, 'bin-'));
    await writeFile(join(bin, 'nvidia-smi'), `#!/bin/sh\necho '${gpu}'\n`);
    await chmod(join(bin, 'nvidia-smi'), 0o755);
    return { PATH: `${bin}${delimiter}${env.PATH}` };
  }
});
