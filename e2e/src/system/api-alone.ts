import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BundleFacts } from '@styleflow/contracts';
import { connectQueue, queueSettings } from '@styleflow/queue';
import { createLogger, parseEnv } from '@styleflow/runtime';
import { findFreePort, startRedis } from '@styleflow/testing';
import { ProcessUnderTest } from './process-under-test.js';

export interface ApiAlone {
  readonly url: string;
  stop(): Promise<void>;
}

/** What a GPU worker would have announced; without any bundle no job is taken. */
const BUNDLE: BundleFacts = {
  id: 'small@0123456789ab',
  digest: `0123456789ab${'0'.repeat(52)}`,
  variant: 'content',
  precision: 'fp32',
  trained: false,
  threshold: 0.2,
  calibration: { a: 1, b: 0 },
};

/** Redis, a file store and the API process, without workers: jobs are taken and wait. */
export async function startApiAlone(env: Readonly<Record<string, string>> = {}): Promise<ApiAlone> {
  const folder = await mkdtemp(join(tmpdir(), 'styleflow-api-alone-'));
  const redis = await startRedis({ maxmemory: '200000000' });
  const settings = parseEnv(queueSettings, { STYLEFLOW_REDIS_URL: redis.url });
  const connection = await connectQueue(settings, { logger: createLogger('api-alone', 'silent') });
  await connection.announcements.rememberBundle(BUNDLE);
  await connection.close();
  const port = await findFreePort();
  const api = new ProcessUnderTest('api', {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    STYLEFLOW_STORE: `file:${join(folder, 'store')}`,
    STYLEFLOW_REDIS_URL: redis.url,
    STYLEFLOW_PORT: String(port),
    STYLEFLOW_ADMIN_PORT: '0',
    STYLEFLOW_ALLOW_PRIVATE_SOURCES: 'true',
    ...env,
  });
  await api.start();
  return {
    url: `http://127.0.0.1:${port}`,
    stop: async () => {
      await api.stop();
      await redis.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
