import { readFile } from 'node:fs/promises';
import { openVideoFile } from '@styleflow/client';
import { mintJobId } from '@styleflow/contracts';
import { type ObjectStore, openObjectStore, putTombstone, storeSettings } from '@styleflow/storage';
import { makeVideo, type S3Server, startS3, until } from '@styleflow/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { type StoreAccess, StorePolicy } from '../system/store-policy.js';
import { type SystemUnderTest, startSystem } from '../system/system.js';
import { type WatchedStore, watchStore } from '../system/watched-store.js';

let s3: S3Server;
let system: SystemUnderTest;
/** The doors by which each process reaches the store. */
let doors: Readonly<Record<'api' | 'cpu-worker' | 'gpu-worker', WatchedStore>>;
/** A bucket of somebody's, from which jobs may read. */
let films: string;
beforeAll(async () => {
  s3 = await startS3();
  films = await s3.makeBucket();
  doors = {
    api: await watchStore(s3.endpoint),
    'cpu-worker': await watchStore(s3.endpoint),
    'gpu-worker': await watchStore(s3.endpoint),
  };
  const settings = {
    STYLEFLOW_STORE: `s3://${s3.bucket}/production`,
    STYLEFLOW_S3_ENDPOINT: s3.endpoint,
    STYLEFLOW_S3_FORCE_PATH_STYLE: 'true',
    AWS_ACCESS_KEY_ID: s3.accessKeyId,
    AWS_SECRET_ACCESS_KEY: s3.secretAccessKey,
    AWS_REGION: 'us-east-1',
    STYLEFLOW_S3_SOURCE_BUCKETS: `${films},${s3.bucket}`,
    STYLEFLOW_MAX_CALLS_PER_MINUTE: '0',
  };
  const through = (name: keyof typeof doors): string[] => ['env', `STYLEFLOW_S3_ENDPOINT=${doors[name].endpoint}`];
  system = await startSystem(settings, undefined, through);
});
afterAll(async () => {
  await system.stop();
  await Promise.all(Object.values(doors).map((door) => door.stop()));
  await s3.stop();
});

it('a file sent by a presigned PUT is prepared, scored and reported through S3 alone', async () => {
  const video = await makeVideo({ frames: 64 });
  const job = await system.client.wait((await system.client.submitFile(video)).id);
  expect(job).toMatchObject({ status: 'succeeded', progress: { clipsPlanned: 2, clipsScored: 2 } });
  const result = await system.client.result(job.id);
  expect(result.faces[0]?.clips.map((clip) => clip.logit)).toEqual([expect.any(Number), expect.any(Number)]);
  const picture = await fetch(`${system.url}${result.faces[0]?.clips[0]?.picture}`);
  expect(picture.headers.get('content-type')).toBe('image/png');

  // An object in an allowed bucket gives the same verdict.
  await putFilm('night/video.mp4', await readFile(video));
  const again = await system.client.submit({ type: 's3', bucket: films, key: 'night/video.mp4' });
  expect((await system.client.wait(again.id)).verdict).toEqual(job.verdict);
  // The product's own holds everybody's videos: it is none, whatever is allowed.
  const own = { type: 's3', bucket: s3.bucket, key: `production/jobs/${job.id}/source` } as const;
  await expect(system.client.submit(own)).rejects.toMatchObject({ code: 'forbidden' });
});

it('a file in parts becomes a job, and a batch takes uploads for its own', async () => {
  const { uploads, batches } = system.client;
  const video = await openVideoFile(await makeVideo({ frames: 40 }));
  const { uploadId } = await uploads.send(video, { partsFrom: 0 });
  const job = await system.client.jobs.submitUpload(uploadId);
  expect((await system.client.wait(job.id)).status).toBe('succeeded');
  const items = [];
  for (const partsFrom of [0, Number.POSITIVE_INFINITY]) {
    items.push({ source: `upload:${(await uploads.send(video, { partsFrom })).uploadId}` });
  }
  await video.close();
  const given = await uploads.openParts(5);
  await uploads.delete(given.uploadId);
  const batch = await batches.create({ items });
  expect(await batches.wait(batch.id)).toMatchObject({ status: 'ended', counts: { total: 2, succeeded: 2 } });
  await until('the sweep looks for parts that nobody keeps', () =>
    doors['cpu-worker'].accesses.some(({ action }) => action === 's3:ListBucketMultipartUploads'),
  );
  await batches.delete(batch.id);
});

it('a job that is sent through the API, read and deleted leaves nothing behind', async () => {
  const form = new FormData();
  form.set('video', new Blob([await readFile(await makeVideo({ frames: 40 }))]), 'face.mp4');
  const answer = await fetch(`${system.url}/v1/jobs`, { method: 'POST', body: form });
  const { id } = (await answer.json()) as { id: string };
  await system.client.wait(id);
  for (const path of ['result', 'report', 'faces/0/clips/0.json']) {
    expect((await fetch(`${system.url}/v1/jobs/${id}/${path}`)).status).toBe(200);
  }
  expect((await fetch(`${system.url}/v1/jobs/${id}`, { method: 'DELETE' })).status).toBe(204);
  // As a Redis that forgets leaves it: the tombstone that the store has alone.
  const forgotten = mintJobId();
  await withStore(`${s3.bucket}/production`, (store) =>
    putTombstone(store, forgotten, { owner: null, at: Date.now() }),
  );
  await until('the sweep follows it', () => asked('cpu-worker', 'GetObject', `tombstones/${forgotten}`));
});

/** Whether a process has asked for that of an object of the product's. */
function asked(process: keyof typeof doors, action: string, key: string): boolean {
  const wanted = `arn:aws:s3:::${s3.bucket}/production/${key}`;
  return doors[process].accesses.some((access) => access.action === `s3:${action}` && access.resource === wanted);
}

it('each process has asked the store for no more than its policy in deploy/store allows', () => {
  const names = { BUCKET: s3.bucket, PREFIX: 'production', SOURCE_BUCKET: films, BUNDLE_BUCKET: 'models' };
  for (const [name, { accesses }] of Object.entries(doors)) {
    const policy = StorePolicy.of(name, names);
    expect(accesses.length, name).toBeGreaterThan(10);
    const refused = accesses.filter((access) => !policy.allows(access));
    // Whoever starts first marks a new store. An inference worker is refused that, and waits until another process has.
    const marks = (access: StoreAccess): boolean => access.resource.endsWith('/store.json') && name === 'gpu-worker';
    expect(
      refused.filter((access) => !marks(access)),
      name,
    ).toEqual([]);
  }
  // What a policy is for: nobody reads what others may.
  const own = (key: string) => `arn:aws:s3:::${s3.bucket}/production/${key}`;
  for (const name of ['cpu-worker', 'gpu-worker']) {
    const policy = StorePolicy.of(name, names);
    expect(policy.allows({ action: 's3:PutObject', resource: own('uploads/somebody/video') })).toBe(false);
  }
  const gpu = StorePolicy.of('gpu-worker', names);
  for (const key of [
    'uploads/somebody/video',
    'batches/B/manifest',
    'jobs/J/source',
    'jobs/J/result.json',
    'jobs/J/runs/1/strips/0.0.png',
  ]) {
    for (const action of ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'])
      expect(gpu.allows({ action, resource: own(key) })).toBe(false);
  }
});

async function putFilm(key: string, video: Buffer): Promise<void> {
  await withStore(films, (store) => store.put(key, video, 'video/mp4'));
}

async function withStore(address: string, use: (store: ObjectStore) => Promise<void>): Promise<void> {
  // The SDK reads these two from its own process's environment.
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: s3.accessKeyId, AWS_SECRET_ACCESS_KEY: s3.secretAccessKey });
  const settings = { STYLEFLOW_STORE: `s3://${address}`, STYLEFLOW_S3_ENDPOINT: s3.endpoint };
  const store = await openObjectStore(
    z.object(storeSettings).parse({ ...settings, STYLEFLOW_S3_FORCE_PATH_STYLE: 'true', AWS_REGION: 'us-east-1' }),
  );
  await use(store);
  await store.close();
}

it('a bucket that is not allowed is refused', async () => {
  await expect(system.client.submit({ type: 's3', bucket: 'somebody-elses', key: 'video.mp4' })).rejects.toMatchObject({
    code: 'forbidden',
  });
});
