import { copyFile, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verifyBundle } from '@styleflow/bundles/verify';
import { importBundle } from '@styleflow/converter';
import { type ObjectStore, openObjectStore } from '@styleflow/storage';
import { type S3Server, startS3 } from '@styleflow/testing';
import { TINY } from '@styleflow/testing/models';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type GpuWorkerSettings, readEnv } from '../env.js';
import { openWantedBundle } from './open-wanted-bundle.js';

const DATA = 'styleflow.data';

let s3: S3Server;
let folder: string;
let local: string;
let cache: string;
let settings: GpuWorkerSettings;
let store: ObjectStore;
beforeAll(async () => {
  s3 = await startS3();
  folder = await mkdtemp(join(tmpdir(), 'styleflow-wanted-'));
  local = join(folder, 'local');
  cache = join(folder, 'cache');
  await importBundle({
    checkpoints: {
      content: `${TINY}style-content-tiny.pth`,
      'style-gru': `${TINY}style-gru-tiny.pth`,
      psp: `${TINY}psp-tiny.pt`,
    },
    directory: local,
    name: 'tiny',
    trained: false,
    threshold: 0.2,
    parts: true,
    // Forces a data file, as the published sizes do, whose weights no model file can hold.
    largestModelBytes: 2 ** 20,
  });
  await verifyBundle(local, { providers: ['cpu'], record: true });
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: s3.accessKeyId, AWS_SECRET_ACCESS_KEY: s3.secretAccessKey });
  const env = {
    STYLEFLOW_STORE: `s3://${s3.bucket}/models/tiny`,
    STYLEFLOW_BUNDLE: `s3://${s3.bucket}/models/tiny`,
    STYLEFLOW_BUNDLE_CACHE: cache,
    STYLEFLOW_S3_ENDPOINT: s3.endpoint,
    STYLEFLOW_S3_FORCE_PATH_STYLE: 'true',
    AWS_REGION: 'us-east-1',
  };
  settings = readEnv(env);
  store = await openObjectStore(settings);
  for (const name of await readdir(local)) {
    await store.put(name, await readFile(join(local, name)), 'application/octet-stream');
  }
}, 120_000);
afterAll(async () => {
  await store?.close();
  await s3?.stop();
  await rm(folder, { recursive: true, force: true });
});

it('brings a bundle with its weights in a data file from the object store, and it gives the same numbers', async () => {
  const { directory, variant, manifest } = await openWantedBundle(settings);
  expect(variant).toBe('style-content');
  expect((await readdir(directory)).sort()).toEqual(['bundle.json', ...Object.keys(manifest.files)].sort());
  // The graph and its parts share the large weights, which lie in the file once.
  const dataBytes = (await stat(join(directory, DATA))).size;
  expect(dataBytes).toBeGreaterThan(4e6);
  expect(dataBytes).toBeLessThan(5e6);
  await copyFile(join(local, 'expectations.json'), join(directory, 'expectations.json'));
  const { expectations, differences } = await verifyBundle(directory, { providers: ['cpu'], record: false });
  expect(expectations).toBe('matched');
  for (const { difference } of Object.values(differences)) expect(difference).toBeLessThan(1e-5);
});

it('names the setting of a cache that cannot be written', async () => {
  for (const place of [join(local, 'bundle.json'), '/proc/styleflow/cache']) {
    await expect(openWantedBundle({ ...settings, STYLEFLOW_BUNDLE_CACHE: place })).rejects.toMatchObject({
      code: 'invalid_request',
      message: expect.stringMatching(/^STYLEFLOW_BUNDLE_CACHE: nothing can be written to /),
    });
  }
});

it('fetches anew what was damaged on this machine, and refuses what is damaged in the store', async () => {
  const { directory, id } = await openWantedBundle(settings);
  const whole = await readFile(join(directory, DATA));
  const damaged = Buffer.from(whole);
  damaged[damaged.length >> 1] = (damaged[damaged.length >> 1] ?? 0) ^ 1;
  await writeFile(join(directory, DATA), damaged);
  expect((await openWantedBundle(settings)).id).toBe(id);
  expect((await readFile(join(directory, DATA))).equals(whole)).toBe(true);

  await store.put(DATA, damaged, 'application/octet-stream');
  await rm(cache, { recursive: true });
  await expect(openWantedBundle(settings)).rejects.toMatchObject({
    code: 'bundle_unknown',
    message: expect.stringContaining(`${DATA} of the bundle at`),
  });
});
