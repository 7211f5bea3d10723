import { readFile } from 'node:fs/promises';
import { openObjectStore, storeSettings } from '@styleflow/storage';
import { makeVideo, type S3Server, startS3 } from '@styleflow/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { type SystemUnderTest, startSystem } from '../system/system.js';

let s3: S3Server;
let system: SystemUnderTest;
/** A bucket of somebody's, from which jobs may read. */
let films: string;
beforeAll(async () => {
  s3 = await startS3();
  films = await s3.makeBucket();
  system = await startSystem({
    STYLEFLOW_STORE: `s3://${s3.bucket}/production`,
    STYLEFLOW_S3_ENDPOINT: s3.endpoint,
    STYLEFLOW_S3_FORCE_PATH_STYLE: 'true',
    AWS_ACCESS_KEY_ID: s3.accessKeyId,
    AWS_SECRET_ACCESS_KEY: s3.secretAccessKey,
    AWS_REGION: 'us-east-1',
    STYLEFLOW_S3_SOURCE_BUCKETS: `${films},${s3.bucket}`,
  });
});
afterAll(async () => {
  await system.stop();
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

async function putFilm(key: string, video: Buffer): Promise<void> {
  // The SDK reads these two from its own process's environment.
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: s3.accessKeyId, AWS_SECRET_ACCESS_KEY: s3.secretAccessKey });
  const settings = { STYLEFLOW_STORE: `s3://${films}`, STYLEFLOW_S3_ENDPOINT: s3.endpoint };
  const store = await openObjectStore(
    z.object(storeSettings).parse({ ...settings, STYLEFLOW_S3_FORCE_PATH_STYLE: 'true', AWS_REGION: 'us-east-1' }),
  );
  await store.put(key, video, 'video/mp4');
  await store.close();
}

it('a bucket that is not allowed is refused', async () => {
  await expect(system.client.submit({ type: 's3', bucket: 'somebody-elses', key: 'video.mp4' })).rejects.toMatchObject({
    code: 'forbidden',
  });
});
