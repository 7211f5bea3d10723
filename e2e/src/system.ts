import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StyleFlowClient } from '@styleflow/client';
import { type RedisServer, startRedis } from '@styleflow/testing';
import { ProcessUnderTest } from './process-under-test.js';
import { startTripwire, type Tripwire } from './tripwire.js';

export interface SystemUnderTest {
  readonly url: string;
  readonly client: StyleFlowClient;
  readonly redis: RedisServer;
  /** All three processes reach Redis through it. */
  readonly tripwire: Tripwire;
  readonly api: ProcessUnderTest;
  readonly cpuWorker: ProcessUnderTest;
  readonly gpuWorker: ProcessUnderTest;
  readonly folder: string;
  stop(): Promise<void>;
}

/** How long a lost worker's entries stay locked in tests: short, so that takeovers are seen soon. */
const LOCK_SECONDS = '2';

/**
 * Redis, a file store and the three production processes, each on ports and folders of its own.
 * `env` adds settings for all of them.
 */
export async function startSystem(env: Readonly<Record<string, string>> = {}): Promise<SystemUnderTest> {
  const folder = await mkdtemp(join(tmpdir(), 'styleflow-e2e-'));
  const redis = await startRedis();
  const tripwire = await startTripwire(redis.port);
  const settings = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    STYLEFLOW_REDIS_URL: `redis://127.0.0.1:${tripwire.port}`,
    STYLEFLOW_STORE: `file:${join(folder, 'store')}`,
    STYLEFLOW_SCRATCH_DIR: join(folder, 'scratch'),
    STYLEFLOW_PORT: '0',
    STYLEFLOW_LOCK_SECONDS: LOCK_SECONDS,
    STYLEFLOW_SWEEP_SECONDS: '1',
    STYLEFLOW_ALLOW_PRIVATE_SOURCES: 'true',
    STYLEFLOW_MAX_BATCH: '1',
    ...env,
  };
  const gpuWorker = new ProcessUnderTest('gpu-worker', settings);
  const cpuWorker = new ProcessUnderTest('cpu-worker', settings);
  await Promise.all([gpuWorker.start(), cpuWorker.start()]);
  const first = new ProcessUnderTest('api', settings);
  const port = await first.start();
  // A restarted API keeps its address.
  const api = new ProcessUnderTest('api', { ...settings, STYLEFLOW_PORT: String(port) });
  await first.stop();
  await api.start();
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    client: new StyleFlowClient({ api: url }),
    redis,
    tripwire,
    api,
    cpuWorker,
    gpuWorker,
    folder,
    stop: async () => {
      await Promise.all([api.stop(), cpuWorker.stop(), gpuWorker.stop()]);
      await tripwire.stop();
      await redis.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
