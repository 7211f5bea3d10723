import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type ObjectStore, openObjectStore, storeSettings } from '@styleflow/storage';
import { type FailingS3, type FaultyLink, startFailingS3, startFaultyLink, startS3 } from '@styleflow/testing';
import { z } from 'zod';

/** The store of a run: what the processes are told of it, where it can be hurt, and a way that no fault touches. */
export interface StoreUnderFaults {
  readonly kind: 's3' | 'file';
  /** Settings of the processes. */
  readonly environment: Readonly<Record<string, string>>;
  /** For looking and for damaging: not by the way of the processes. */
  readonly direct: ObjectStore;
  /** Null for a folder. */
  readonly s3: { readonly failing: FailingS3; readonly link: FaultyLink } | null;
  /** Takes a folder away, or puts an empty one in its place; what comes back undoes it. Null for S3. */
  readonly away: ((put: 'nothing' | 'empty') => Promise<() => Promise<void>>) | null;
  stop(): Promise<void>;
}

export async function startFileStore(folder: string): Promise<StoreUnderFaults> {
  const root = join(folder, 'store');
  await mkdir(root);
  const environment = { STYLEFLOW_STORE: `file:${root}` };
  const direct = await openObjectStore(z.object(storeSettings).parse(environment));
  return {
    kind: 'file',
    environment,
    direct,
    s3: null,
    away: async (put) => {
      const aside = `${root}.aside`;
      await rename(root, aside);
      if (put === 'empty') await mkdir(root);
      return async () => {
        // What was written where the store should have been goes with that place, as when a mount comes back.
        await rm(root, { recursive: true, force: true, maxRetries: 5 });
        await rename(aside, root);
      };
    },
    stop: () => direct.close(),
  };
}

/** The processes come by a TCP link, then by a server that may fail, to a real S3 server. */
export async function startS3Store(): Promise<StoreUnderFaults> {
  const s3 = await startS3();
  const failing = await startFailingS3({ endpoint: s3.endpoint });
  const link = await startFaultyLink({ port: failing.port });
  const credentials = {
    STYLEFLOW_STORE: `s3://${s3.bucket}/chaos`,
    STYLEFLOW_S3_FORCE_PATH_STYLE: 'true',
    AWS_REGION: 'us-east-1',
  };
  // The SDK reads these two from its own process's environment.
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: s3.accessKeyId, AWS_SECRET_ACCESS_KEY: s3.secretAccessKey });
  const direct = await openObjectStore(
    z.object(storeSettings).parse({ ...credentials, STYLEFLOW_S3_ENDPOINT: s3.endpoint }),
  );
  return {
    kind: 's3',
    environment: {
      ...credentials,
      STYLEFLOW_S3_ENDPOINT: `http://127.0.0.1:${link.port}`,
      AWS_ACCESS_KEY_ID: s3.accessKeyId,
      AWS_SECRET_ACCESS_KEY: s3.secretAccessKey,
    },
    direct,
    s3: { failing, link },
    away: null,
    stop: async () => {
      await direct.close();
      await link.stop();
      await failing.stop();
      await s3.stop();
    },
  };
}
