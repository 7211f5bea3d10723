import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StyleFlowClient } from '@styleflow/client';
import { type ObjectStore, openObjectStore, storeSettings } from '@styleflow/storage';
import { findFreePort, type RedisServer, startRedis } from '@styleflow/testing';
import { z } from 'zod';
import { ProcessUnderTest } from '../../system/process-under-test.js';

/** Who calls. Each has a key of its own, so that owners compete as they do in production; `operator` is an admin. */
export const OWNERS = ['many', 'crowd', 'single', 'urgent', 'operator'] as const;
export type Owner = (typeof OWNERS)[number];

export interface BatchSystem {
  readonly url: string;
  readonly redis: RedisServer;
  /** The object store by a way of its own, not that of the processes. */
  readonly store: ObjectStore;
  readonly folder: string;
  readonly api: ProcessUnderTest;
  readonly cpuWorkers: readonly ProcessUnderTest[];
  readonly gpuWorker: ProcessUnderTest;
  keyOf(owner: Owner): string;
  clientOf(owner: Owner): StyleFlowClient;
  stop(): Promise<void>;
}

export interface BatchSystemOptions {
  readonly cpuWorkers?: number;
  readonly slotsPerWorker?: number;
  /** Of the simulated device: ms a tensor batch + ms a clip. */
  readonly device?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Redis with its append-only file, a file store, one API process, CPU workers and an inference worker whose device is simulated: it
 * takes the time that it is told to and makes its logits up from the clip's bytes. Nothing stands between the processes and Redis.
 */
export async function startBatchSystem(options: BatchSystemOptions = {}): Promise<BatchSystem> {
  const { cpuWorkers: workers = 2, slotsPerWorker = 2, device = '2+20', env = {} } = options;
  const folder = await mkdtemp(join(tmpdir(), 'styleflow-batches-'));
  const redis = await startRedis({ maxmemory: '4000000000' });
  const keys = new Map(OWNERS.map((owner) => [owner, `sk_${randomBytes(24).toString('hex')}`]));
  const keyOf = (owner: Owner): string => keys.get(owner) ?? '';
  const port = await findFreePort();
  const storeAddress = { STYLEFLOW_STORE: `file:${join(folder, 'store')}` };
  const settings = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    ...storeAddress,
    STYLEFLOW_REDIS_URL: redis.url,
    STYLEFLOW_SCRATCH_DIR: join(folder, 'scratch'),
    STYLEFLOW_PORT: String(port),
    STYLEFLOW_ADMIN_PORT: '0',
    STYLEFLOW_LOG_LEVEL: 'warn',
    STYLEFLOW_API_KEYS: OWNERS.map((owner) => `${owner}:${roleOf(owner)}:sha256:${digestOf(keyOf(owner))}`).join(','),
    STYLEFLOW_SECRET_KEY: randomBytes(32).toString('base64'),
    STYLEFLOW_ALLOW_PRIVATE_SOURCES: 'true',
    STYLEFLOW_ALLOW_PRIVATE_WEBHOOKS: 'true',
    STYLEFLOW_MAX_CALLS_PER_MINUTE: '0',
    // All sources come from one host, which is the benchmark's own.
    STYLEFLOW_MAX_FETCHES_PER_HOST: '64',
    STYLEFLOW_PREPARE_CONCURRENCY: String(slotsPerWorker),
    STYLEFLOW_DECODE_THREADS: '1',
    STYLEFLOW_SWEEP_SECONDS: '5',
    // One clip a tensor batch: then batches can be counted by their clips.
    STYLEFLOW_MAX_BATCH: '1',
    STYLEFLOW_SIMULATED_DEVICE: device,
    ...env,
  };
  const api = new ProcessUnderTest('api', settings);
  const cpuWorkers = Array.from({ length: workers }, () => new ProcessUnderTest('cpu-worker', settings));
  const gpuWorker = new ProcessUnderTest('gpu-worker', settings);
  const url = `http://127.0.0.1:${port}`;
  const store = await openObjectStore(z.object(storeSettings).parse(storeAddress));
  const stop = async (): Promise<void> => {
    await Promise.all([api, ...cpuWorkers, gpuWorker].map((each) => each.stop()));
    await store.close();
    await redis.stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  };
  try {
    await Promise.all([gpuWorker, ...cpuWorkers, api].map((each) => each.start()));
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    ...{ url, redis, store, folder, api, cpuWorkers, gpuWorker, keyOf, stop },
    clientOf: (owner) => new StyleFlowClient({ api: url, key: keyOf(owner) }),
  };
}

const roleOf = (owner: Owner): string => (owner === 'operator' ? 'admin' : 'user');

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
