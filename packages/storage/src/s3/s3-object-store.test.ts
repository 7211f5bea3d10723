import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { ListMultipartUploadsCommand, S3Client } from '@aws-sdk/client-s3';
import { type S3Server, startFailingS3, startFaultyLink, startS3 } from '@styleflow/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeObjectStore } from '../port/object-store.cases.js';
import { copyByParts } from './copy-by-parts.js';
import { S3ObjectStore } from './s3-object-store.js';

function optionsFor(server: S3Server, endpoint = server.endpoint) {
  const { bucket, accessKeyId, secretAccessKey } = server;
  return { bucket, endpoint, credentials: { accessKeyId, secretAccessKey } };
}

describeObjectStore('S3ObjectStore', async () => {
  const server = await startS3();
  const link = await startFaultyLink({ port: Number(new URL(server.endpoint).port) });
  const options = { ...optionsFor(server), prefix: 'some/where' };
  const store = new S3ObjectStore({ ...options, endpoint: `http://127.0.0.1:${link.port}` });
  const other = new S3ObjectStore(options);
  const client = new S3Client({ ...options, region: 'us-east-1', forcePathStyle: true });
  return {
    store,
    other,
    leftovers: async () => {
      const { Uploads: uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket: server.bucket }));
      return uploads.length;
    },
    upload: async (signed, body) =>
      (await fetch(signed.url, { method: signed.method, headers: signed.headers, body })).status,
    breakDown: async () => link.cut(),
    repair: async () => link.restore(),
    close: async () => {
      await Promise.all([store.close(), other.close(), link.stop(), server.stop()]);
      client.destroy();
    },
  };
});

describe('an S3 store', () => {
  let server: S3Server;
  beforeAll(async () => {
    server = await startS3();
  });
  afterAll(() => server.stop());

  it('is refused with a wrong secret or an unknown key, and says so without telling them', async () => {
    for (const credentials of [
      { accessKeyId: server.accessKeyId, secretAccessKey: 'wrong-secret' },
      { accessKeyId: 'nobody', secretAccessKey: server.secretAccessKey },
    ]) {
      const store = new S3ObjectStore({ ...optionsFor(server), credentials });
      const refused = await store.put('a', 'x', 'text/plain').catch((error: unknown) => error);
      expect(refused).toMatchObject({ code: 'storage_unavailable', retryable: true });
      expect(String(refused)).toMatch(/SignatureDoesNotMatch|InvalidAccessKeyId|AccessDenied/);
      expect(String(refused)).not.toMatch(/wrong-secret|nobody/);
      await expect(store.get('a')).rejects.toMatchObject({ code: 'storage_unavailable' });
      await expect(store.check()).rejects.toMatchObject({ code: 'storage_unavailable' });
      await store.close();
    }
  });

  it('takes a missing bucket for an outage, not for absent objects', async () => {
    const store = new S3ObjectStore({ ...optionsFor(server), bucket: 'test-never-made' });
    const outage = { code: 'storage_unavailable' };
    await expect(store.check()).rejects.toMatchObject(outage);
    await expect(store.get('a')).rejects.toMatchObject(outage);
    await expect(store.getStream('a')).rejects.toMatchObject(outage);
    await expect(store.put('a', '', 'text/plain')).rejects.toMatchObject(outage);
    await store.close();
  });

  it('goes on reading where a connection breaks, while it is the same object', async () => {
    const failing = await startFailingS3(server);
    const store = new S3ObjectStore(optionsFor(server, failing.endpoint));
    const video = randomBytes(2_000_000);
    await store.put('resumed', video, 'video/mp4');
    // The first of these answers breaks after half of it.
    const breaksOnce = (): (() => void) => {
      const draws = [0];
      return failing.fail({ fault: { kind: 'half' }, methods: ['GET'], share: 0.5, random: () => draws.shift() ?? 1 });
    };
    const heal = breaksOnce();
    const found = await store.getStream('resumed');
    expect((await buffer(found?.stream ?? Readable.from([]))).equals(video)).toBe(true);
    expect(failing.taken).toBe(1);
    heal();
    const healAgain = breaksOnce();
    const replaced = await store.getStream('resumed');
    await store.put('resumed', randomBytes(2_000_000), 'video/mp4');
    await expect(buffer(replaced?.stream ?? Readable.from([]))).rejects.toMatchObject({ code: 'storage_unavailable' });
    healAgain();
    await Promise.all([store.close(), failing.stop()]);
  });

  it('signs uploads for the address that users reach', async () => {
    const link = await startFaultyLink({ port: Number(new URL(server.endpoint).port) });
    const publicEndpoint = `http://localhost:${link.port}`;
    const store = new S3ObjectStore({ ...optionsFor(server), publicEndpoint });
    const signed = await store.signUpload('uploads/a/b', { expiresInSeconds: 60, maxBytes: 5 });
    expect(signed.url.startsWith(`${publicEndpoint}/${server.bucket}/uploads/a/b?`)).toBe(true);
    expect(signed.url).not.toMatch(/checksum|crc32/i);
    expect((await fetch(signed.url, { method: 'PUT', body: 'video' })).status).toBe(200);
    expect((await store.get('uploads/a/b'))?.toString()).toBe('video');
    // The signature allows writing and nothing else.
    expect((await fetch(signed.url)).status).toBe(403);
    expect((await fetch(signed.url, { method: 'DELETE' })).status).toBe(403);
    await Promise.all([store.close(), link.stop()]);
  });

  it('keeps to its prefix', async () => {
    const inside = new S3ObjectStore({ ...optionsFor(server), prefix: 'inside' });
    const whole = new S3ObjectStore(optionsFor(server));
    await whole.put('jobs/a/source', 'outside', 'text/plain');
    await inside.put('jobs/a/source', 'inside', 'text/plain');
    expect(await inside.deletePrefix('jobs/')).toBe(1);
    expect((await whole.get('jobs/a/source'))?.toString()).toBe('outside');
    expect(await whole.head('inside/jobs/a/source')).toBeNull();
    await Promise.all([inside.close(), whole.close()]);
  });

  it('copies what is too long for one call piece by piece, and leaves no piece of a copy that failed', async () => {
    const store = new S3ObjectStore(optionsFor(server));
    const { bucket, endpoint, credentials } = optionsFor(server);
    const client = new S3Client({ endpoint, credentials, region: 'us-east-1', forcePathStyle: true });
    const video = randomBytes(11_000_000);
    await store.put('large/from', video, 'video/mp4');
    const copy = { bucket, bytes: video.length, contentType: 'video/mp4', pieceBytes: 5 * 1024 * 1024 };
    await copyByParts(client, { ...copy, source: `${bucket}/large/from`, to: 'large/to' });
    expect((await store.get('large/to'))?.equals(video)).toBe(true);
    await expect(copyByParts(client, { ...copy, source: `${bucket}/large/absent`, to: 'large/no' })).rejects.toThrow();
    const left: unknown[] = [];
    for await (const each of store.parts.open('large/')) left.push(each);
    expect(left).toEqual([]);
    client.destroy();
    await store.close();
  });

  it('leaves nothing after its check', async () => {
    const store = new S3ObjectStore({ ...optionsFor(server), prefix: 'checked' });
    await store.check();
    for await (const facts of store.list('')) expect(facts).toBeUndefined();
    await store.close();
  });
});
