import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BundleFacts } from '@styleflow/contracts';
import { connectQueue, type QueueConnection, queueSettings, vaultSettings } from '@styleflow/queue';
import { createLogger, ProcessHealth, parseEnv } from '@styleflow/runtime';
import { type MarkedStore, openMarkedStore, recordArchive, storeSettings } from '@styleflow/storage';
import { type RedisServer, startRedis } from '@styleflow/testing';
import { createApp } from './app.js';
import { closeServer, listen } from './http/http-server.js';
import { findingLostJobs } from './jobs/find-lost-job.js';
import type { ApiPorts } from './ports/api-ports.js';
import type { ApiSettings } from './ports/api-settings.js';

/** The real app on a free port over a real Redis and a file store of its own, for this package's tests. */
export interface TestServer extends Omit<ApiPorts, 'stopping'> {
  readonly url: string;
  readonly port: number;
  readonly redis: RedisServer;
  readonly connection: QueueConnection;
  readonly store: MarkedStore;
  readonly storeFolder: string;
  /** Does what a shutdown signal does: releases long polls and finishes running calls. */
  shutDown(): Promise<void>;
  /** Ends everything and deletes the files. */
  stop(): Promise<void>;
}

export const BUNDLE: BundleFacts = {
  id: 'small@0123456789ab',
  digest: `0123456789ab${'0'.repeat(52)}`,
  variant: 'style-content',
  precision: 'fp32',
  trained: true,
  threshold: 0.2,
  calibration: { a: 1, b: 0 },
};

const DEFAULTS: ApiSettings = {
  keys: [],
  allowPrivateSources: false,
  allowPrivateWebhooks: false,
  ownBucket: 'own',
  sourceBuckets: ['films', 'own'],
  maxSourceBytes: 10_000_000,
  maxQueuedJobs: 1000,
  maxUploads: 8,
  maxUploadsPerKey: 8,
  minUploadRate: 0,
  callsPerMinute: 0,
  callsPerSecond: 0,
  keyLimits: new Map(),
  quota: {},
  bodyIdleMs: 60_000,
  uploadExpirySeconds: 600,
  uploadKeptSeconds: 86_400,
  uploadPartBytes: 1_000,
  predictWaitMs: 60_000,
  heartbeatMs: 5_000,
  signingKeys: null,
  timeStampUrl: null,
  defaultBundle: undefined,
  shadowBundles: [],
};

/**
 * `redisUrl` replaces the address of Redis, for example by a link that can be cut. `beside` names a server whose Redis and
 * store this one shares. `secretKey` seals credentials; there is none by default.
 */
export async function startTestServer(
  settings: Partial<ApiSettings> = {},
  {
    redisUrl,
    redis,
    beside,
    secretKey,
  }: { redisUrl?: string; redis?: RedisServer; beside?: TestServer; secretKey?: string } = {},
): Promise<TestServer> {
  const server = redis ?? beside?.redis ?? (await startRedis());
  const storeFolder = beside?.storeFolder ?? (await mkdtemp(join(tmpdir(), 'styleflow-api-')));
  const logger = createLogger('api-test', 'silent');
  const env = parseEnv(
    { ...queueSettings, ...vaultSettings, ...storeSettings },
    {
      STYLEFLOW_REDIS_URL: redisUrl ?? server.url,
      STYLEFLOW_STORE: `file:${storeFolder}`,
      STYLEFLOW_SECRET_KEY: secretKey,
      STYLEFLOW_MAX_QUEUED_JOBS: String(settings.maxQueuedJobs ?? DEFAULTS.maxQueuedJobs),
    },
  );
  let port = 0;
  const store = await openMarkedStore(env, { publicUrl: () => `http://127.0.0.1:${port}` });
  const secretKeys = env.STYLEFLOW_SECRET_KEY;
  const connection = await connectQueue(env, { logger, archive: recordArchive(store), secretKeys });
  const changes = await connection.openChanges();
  const batchChanges = await connection.openBatchChanges();
  const stopping = new AbortController();
  const health = new ProcessHealth();
  health.require('redis', () => connection.redisHealth.check());
  health.observe('store', () => store.check());
  health.serve();
  await store.identify(connection.storeRegister);
  const records = findingLostJobs({ ...connection, logger });
  const ports = {
    ...connection,
    records,
    ...{ changes, batchChanges, store, health, settings: { ...DEFAULTS, ...settings }, logger },
  };
  const listening = await listen(createApp({ ...ports, stopping: stopping.signal }), 0, '127.0.0.1');
  port = listening.port;
  await connection.announcements.rememberBundle(BUNDLE);
  const shutDown = async (): Promise<void> => {
    stopping.abort();
    await closeServer(listening.server, 30_000);
  };
  return {
    ...ports,
    url: `http://127.0.0.1:${port}`,
    port,
    redis: server,
    connection,
    storeFolder,
    shutDown,
    async stop() {
      await shutDown();
      await changes.close();
      await batchChanges.close();
      await connection.close();
      await store.close();
      if (redis === undefined && beside === undefined) await server.stop();
      if (beside === undefined) await rm(storeFolder, { recursive: true, force: true });
    },
  };
}
