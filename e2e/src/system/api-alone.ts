import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePort, startRedis } from '@styleflow/testing';
import { ProcessUnderTest } from './process-under-test.js';

export interface ApiAlone {
  readonly url: string;
  stop(): Promise<void>;
}

/** Redis, a file store and the API process, without workers: jobs are taken and wait. */
export async function startApiAlone(env: Readonly<Record<string, string>> = {}): Promise<ApiAlone> {
  const folder = await mkdtemp(join(tmpdir(), 'styleflow-api-alone-'));
  const redis = await startRedis({ maxmemory: '200000000' });
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
