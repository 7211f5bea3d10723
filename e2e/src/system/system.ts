import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StyleFlowClient } from '@styleflow/client';
import { findFreePort, type RedisServer, startRedis } from '@styleflow/testing';
import { type ProcessName, ProcessUnderTest } from './process-under-test.js';
import { startTripwire, type Tripwire } from './tripwire.js';

export interface SystemUnderTest {
  readonly url: string;
  readonly client: StyleFlowClient;
  readonly redis: RedisServer;
  /** The link through which each process reaches Redis. */
  readonly tripwires: Readonly<Record<ProcessName, Tripwire>>;
  readonly api: ProcessUnderTest;
  readonly cpuWorker: ProcessUnderTest;
  readonly gpuWorker: ProcessUnderTest;
  readonly folder: string;
  /** Another GPU worker with the same settings and these, not yet started. It is stopped with the system. */
  anotherGpuWorker(env: Readonly<Record<string, string>>): ProcessUnderTest;
  /** The address of each worker's admin server. */
  readonly adminUrls: Readonly<Record<'cpu-worker' | 'gpu-worker', string>>;
  stop(): Promise<void>;
}

/**
 * Settings for tests that kill workers, whose entries are then taken over soon. Other tests use production's lock: on a
 * busy machine a short lock may not be renewed in time, and the entry then starts again.
 */
export const SOON_TAKEN_OVER = { STYLEFLOW_LOCK_SECONDS: '2' } as const;

/**
 * Redis, a file store and the three production processes, each on ports and folders of its own.
 * `env` adds settings for all of them; `before` may fill Redis and `folder/store` before they start; `runnerOf` names a program
 * that runs each of them.
 */
export async function startSystem(
  env: Readonly<Record<string, string>> = {},
  before: (parts: { readonly redis: RedisServer; readonly folder: string }) => Promise<void> = async () => undefined,
  runnerOf: (name: ProcessName, folder: string) => readonly string[] = () => [],
): Promise<SystemUnderTest> {
  const folder = await mkdtemp(join(tmpdir(), 'styleflow-e2e-'));
  const redis = await startRedis({ maxmemory: '1000000000' });
  await before({ redis, folder });
  const tripwires = {
    api: await startTripwire(redis.port),
    'cpu-worker': await startTripwire(redis.port),
    'gpu-worker': await startTripwire(redis.port),
  };
  const port = await findFreePort();
  const settings = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    STYLEFLOW_STORE: `file:${join(folder, 'store')}`,
    STYLEFLOW_SCRATCH_DIR: join(folder, 'scratch'),
    STYLEFLOW_PORT: String(port),
    STYLEFLOW_ADMIN_PORT: '0',
    STYLEFLOW_SWEEP_SECONDS: '1',
    STYLEFLOW_ALLOW_PRIVATE_SOURCES: 'true',
    STYLEFLOW_MAX_BATCH: '1',
    STYLEFLOW_PREPARE_CONCURRENCY: '1',
    STYLEFLOW_SECRET_KEY: randomBytes(32).toString('base64'),
    ...env,
  };
  const others: ProcessUnderTest[] = [];
  const make = (name: ProcessName, more: Readonly<Record<string, string>> = {}): ProcessUnderTest =>
    new ProcessUnderTest(
      name,
      { ...settings, ...more, STYLEFLOW_REDIS_URL: `redis://127.0.0.1:${tripwires[name].port}` },
      runnerOf(name, folder),
    );
  const [api, cpuWorker, gpuWorker] = [make('api'), make('cpu-worker'), make('gpu-worker')];
  const [gpuAdmin, cpuAdmin] = await Promise.all([gpuWorker.start(), cpuWorker.start()]);
  await api.start();
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    client: new StyleFlowClient({ api: url }),
    redis,
    tripwires,
    api,
    cpuWorker,
    gpuWorker,
    folder,
    anotherGpuWorker(more) {
      const other = make('gpu-worker', more);
      others.push(other);
      return other;
    },
    adminUrls: { 'cpu-worker': `http://127.0.0.1:${cpuAdmin}`, 'gpu-worker': `http://127.0.0.1:${gpuAdmin}` },
    stop: async () => {
      await Promise.all([api, cpuWorker, gpuWorker, ...others].map((process) => process.stop()));
      await Promise.all(Object.values(tripwires).map((tripwire) => tripwire.stop()));
      await redis.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
