import { makeVideo, type S3Server, startS3 } from '@styleflow/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type SystemUnderTest, startSystem } from '../system/system.js';

let s3: S3Server;
let system: SystemUnderTest;
beforeAll(async () => {
  s3 = await startS3();
  system = await startSystem({
    STYLEFLOW_STORE: `s3://${s3.bucket}/production`,
    STYLEFLOW_S3_ENDPOINT: s3.endpoint,
    STYLEFLOW_S3_FORCE_PATH_STYLE: 'true',
    AWS_ACCESS_KEY_ID: s3.accessKeyId,
    AWS_SECRET_ACCESS_KEY: s3.secretAccessKey,
    AWS_REGION: 'us-east-1',
    STYLEFLOW_S3_SOURCE_BUCKETS: s3.bucket,
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

  // The stored source is an object in an allowed bucket. Submitted by its key it gives the same verdict.
  const key = `production/jobs/${job.id}/source`;
  const again = await system.client.submit({ type: 's3', bucket: s3.bucket, key });
  expect((await system.client.wait(again.id)).verdict).toEqual(job.verdict);
});

it('a bucket that is not allowed is refused', async () => {
  await expect(system.client.submit({ type: 's3', bucket: 'somebody-elses', key: 'video.mp4' })).rejects.toMatchObject({
    code: 'forbidden',
  });
});
