import { JobError, SourceSchema } from '@styleflow/contracts';
import { refuseSource } from '@styleflow/sources';
import { describe, expect, it } from 'vitest';

const settings = { sourceBuckets: ['films', 'own'], ownBucket: 'own', allowPrivateSources: false };

/** How a submission of this source ends: taken, refused by the schema, or refused by a rule. */
function cameOf(bucket: unknown, key: unknown): string {
  const source = SourceSchema.safeParse({ type: 's3', bucket, key });
  if (!source.success) return 'no source';
  try {
    refuseSource(source.data, settings);
    return 'taken';
  } catch (error) {
    return error instanceof JobError ? error.code : `a crash: ${error}`;
  }
}

describe('an S3 source', () => {
  it.each([
    ['films', 'a/b.mp4', 'taken'],
    ['films', 'a..b/.hidden/...mp4', 'taken'],
    ['films', '..%2f..%2fa', 'taken'],
    ['films', 'é'.repeat(512), 'taken'],
    ['films', 'a?b&c=d#e', 'taken'],
    ['own', 'jobs/x/source', 'forbidden'],
    ['others', 'a.mp4', 'forbidden'],
    ['FILMS', 'a.mp4', 'forbidden'],
    ['films/', 'a.mp4', 'forbidden'],
    ['films/../own', 'a.mp4', 'forbidden'],
    ['arn:aws:s3:::own', 'a.mp4', 'forbidden'],
    ['films@127.0.0.1', 'a.mp4', 'forbidden'],
    ['films', '..', 'forbidden'],
    ['films', '.', 'forbidden'],
    ['films', '../own/a.mp4', 'forbidden'],
    ['films', 'a/../../own/b.mp4', 'forbidden'],
    ['films', 'a/./b.mp4', 'forbidden'],
    ['films', 'a/..', 'forbidden'],
    ['films', '', 'no source'],
    ['', 'a.mp4', 'no source'],
    ['films', 'a'.repeat(1025), 'no source'],
    ['films', 'é'.repeat(513), 'no source'],
    ['films', 'a\0b', 'no source'],
    ['films', 'a\ud800', 'no source'],
    ['films', ['a.mp4'], 'no source'],
    [{ name: 'films' }, 'a.mp4', 'no source'],
  ])('of bucket %j and key %j is %s', (bucket, key, expected) => {
    expect(cameOf(bucket, key)).toBe(expected);
  });
});
