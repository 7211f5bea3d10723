import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { StyleFlowClient } from '@styleflow/client';
import { JobError } from '@styleflow/contracts';
import type { StyleCodes } from '@styleflow/datasets';
import { type ObjectStore, openObjectStore } from '@styleflow/storage';
import { startEmbeddedSystem } from '../embedded/embedded-system.js';
import { privateEnvironment } from '../embedded/private-environment.js';
import { inheritedEnv } from '../env.js';
import { type DatasetSettings, storeAt } from './env.js';
import type { PspPart } from './open-psp.js';

/** What analyses the videos: the calls, and the store in which it leaves the clips. */
export interface AnalysingSystem {
  readonly client: StyleFlowClient;
  readonly store: ObjectStore;
  stop(): Promise<void>;
}

/** Clips of a system that lives for one data set alone wait for their shard as long as it takes. */
const KEEP_HOURS = 8_760;

/** A system of this machine's own in `folder`, which goes on where it was when it is started again. */
export async function startOwnSystem(
  folder: string,
  { bundle, settings, signal }: { bundle: string | undefined; settings: DatasetSettings; signal: AbortSignal },
): Promise<AnalysingSystem> {
  await mkdir(folder, { recursive: true });
  const env = {
    STYLEFLOW_SCRATCH_DIR: join(folder, 'scratch'),
    ...privateEnvironment(inheritedEnv),
    STYLEFLOW_MEDIA_RETENTION_HOURS: String(KEEP_HOURS),
  };
  const say = (sentence: string): boolean => process.stderr.write(`${sentence}\n`);
  const system = await startEmbeddedSystem({ dataFolder: folder, port: 0, bundle, env, say, signal });
  try {
    const store = await openObjectStore(storeAt(settings, `file:${join(folder, 'store')}`));
    return {
      client: new StyleFlowClient({ api: system.apiUrl }),
      store,
      async stop() {
        await store.close();
        await system.stop();
      },
    };
  } catch (error) {
    await system.stop();
    throw error;
  }
}

/** A running system, whose store is read with this machine's settings. @throws JobError `invalid_request` without STYLEFLOW_STORE */
export async function joinSystem(
  { api, key }: { api: string; key: string | undefined },
  settings: DatasetSettings,
): Promise<AnalysingSystem> {
  const { STYLEFLOW_STORE } = settings;
  if (STYLEFLOW_STORE === undefined)
    throw new JobError(
      'invalid_request',
      'with --api the clips are read from that system’s store: set STYLEFLOW_STORE (and what S3 needs) as for its processes',
    );
  const store = await openObjectStore({ ...settings, STYLEFLOW_STORE });
  return { client: new StyleFlowClient({ api, key }), store, stop: () => store.close() };
}

/** Works with a system and the network for style codes. Both end with the work, also where the network does not even open. */
export async function useSystem<T>(
  system: Pick<AnalysingSystem, 'stop'>,
  psp: Pick<PspPart, 'open'> | null,
  work: (codes: StyleCodes | null) => Promise<T>,
): Promise<T> {
  let codes: StyleCodes | null = null;
  try {
    codes = psp === null ? null : await psp.open();
    return await work(codes);
  } finally {
    try {
      await codes?.close();
    } finally {
      await system.stop();
    }
  }
}
