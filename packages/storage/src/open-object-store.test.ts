import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from '@styleflow/runtime';
import { describe, expect, it } from 'vitest';
import { verifyUploadSignature } from './file/verify-upload-signature.js';
import { openObjectStore, openSourceBucket } from './open-object-store.js';
import { storeSettings } from './store-settings.js';

describe('the settings of the store', () => {
  it('name a bucket with or without a prefix, or a folder', async () => {
    const parse = (text: string) => parseEnv(storeSettings, { STYLEFLOW_STORE: text }).STYLEFLOW_STORE;
    expect(parse('s3://videos')).toEqual({ kind: 's3', bucket: 'videos', prefix: '' });
    expect(parse('s3://videos/a/b/')).toEqual({ kind: 's3', bucket: 'videos', prefix: 'a/b' });
    expect(parse('file:data/store')).toEqual({ kind: 'file', folder: 'data/store' });
    expect(parse('file:///data/store')).toEqual({ kind: 'file', folder: '/data/store' });
    expect(parse('file:/data/store')).toEqual({ kind: 'file', folder: '/data/store' });
  });

  it.each(['', 'videos', 's3://', 's3://UPPER', 'file:', 'https://bucket'])('refuse %j as a store', (text) => {
    expect(() => parseEnv(storeSettings, { STYLEFLOW_STORE: text })).toThrow('STYLEFLOW_STORE: ');
  });

  it('say which other value is wrong and what is allowed', () => {
    const env = {
      STYLEFLOW_STORE: 'file:x',
      STYLEFLOW_S3_ENDPOINT: 'store:9000',
      STYLEFLOW_S3_FORCE_PATH_STYLE: 'yes',
    };
    expect(() => parseEnv(storeSettings, env)).toThrow('STYLEFLOW_S3_ENDPOINT: allowed: an http or https address');
    expect(() => parseEnv(storeSettings, env)).toThrow('STYLEFLOW_S3_FORCE_PATH_STYLE: allowed: true, false');
  });
});

describe('openObjectStore', () => {
  it('opens the folder that the settings name, and asks for the public address only when it signs', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'styleflow-store-'));
    let publicUrl = 'http://too-early';
    const settings = parseEnv(storeSettings, { STYLEFLOW_STORE: `file:${folder}` });
    const store = await openObjectStore(settings, { publicUrl: () => publicUrl });
    publicUrl = 'https://api.example/base/';
    const { url } = await store.signUpload('uploads/a/b', { expiresInSeconds: 60, maxBytes: 5 });
    expect(url.startsWith('https://api.example/base/v1/store/uploads?key=uploads%2Fa%2Fb&')).toBe(true);
    expect(store.address).toBe(`file:${folder}`);
    await rm(folder, { recursive: true });
  });

  it('opens a bucket without reaching out, which takes its uploads itself', async () => {
    const settings = parseEnv(storeSettings, {
      STYLEFLOW_STORE: 's3://videos/a',
      STYLEFLOW_S3_ENDPOINT: 'http://127.0.0.1:1',
    });
    const store = await openObjectStore(settings);
    expect(store.address).toBe('s3://videos/a');
    expect(() => verifyUploadSignature(store, {})).toThrow('Uploads go to the object store itself');
    await store.close();
  });
});

describe('openSourceBucket', () => {
  it('opens only the buckets that are allowed', async () => {
    const settings = parseEnv(storeSettings, { STYLEFLOW_STORE: 'file:x', STYLEFLOW_S3_SOURCE_BUCKETS: 'one, two' });
    const bucket = await openSourceBucket({ ...settings, AWS_REGION: 'eu-west-1' }, 'two');
    expect(bucket.address).toBe('s3://two');
    await bucket.close();
    for (const name of ['three', '', 'one, two']) {
      await expect(openSourceBucket(settings, name)).rejects.toThrow('STYLEFLOW_S3_SOURCE_BUCKETS');
    }
  });
});
