import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { type S3Server, startS3 } from '@styleflow/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readEnv } from './env.js';
import { openPlace } from './open-place.js';

describe('the place of a data set', () => {
  let folder: string;
  let s3: S3Server;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'styleflow-place-'));
    s3 = await startS3();
    Object.assign(process.env, {
      ...{ AWS_ACCESS_KEY_ID: s3.accessKeyId, AWS_SECRET_ACCESS_KEY: s3.secretAccessKey, AWS_REGION: 'us-east-1' },
      STYLEFLOW_S3_ENDPOINT: s3.endpoint,
    });
  });
  afterAll(async () => {
    await s3.stop();
    await rm(folder, { recursive: true });
  });

  it.each(['folder', 'bucket'])(
    'is a %s, written in one stream and read back, with its size and digest',
    async (kind) => {
      const text = kind === 'folder' ? folder : `s3://${s3.bucket}/sets/one`;
      const place = await openPlace(text, readEnv());
      try {
        const chunks = ['shard ', 'of two pieces'];
        const sha256 = createHash('sha256').update(chunks.join('')).digest('hex');
        async function* body() {
          for (const chunk of chunks) yield Buffer.from(chunk);
        }
        const written = await place.putStream('train-000000.tar', body(), { contentType: 'application/x-tar' });
        expect(written).toEqual({ bytes: 19, sha256 });
        const read = await place.getStream('train-000000.tar');
        expect((await buffer(read?.stream ?? Readable.from([]))).toString()).toBe(chunks.join(''));
        await place.put('building/note.json', '{}', 'application/json');
        expect((await place.get('building/note.json'))?.toString()).toBe('{}');
        await place.delete(['building/note.json']);
        expect(await place.get('building/note.json')).toBeNull();
        expect(place.address).toContain(kind === 'folder' ? folder : s3.bucket);
      } finally {
        await place.close();
      }
    },
  );
});
