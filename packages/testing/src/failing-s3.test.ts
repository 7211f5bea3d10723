import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type FailingS3, type S3Fault, startFailingS3 } from './failing-s3.js';
import { type LoopbackServer, startHttpServer } from './http-server.js';

/** What stands behind it need not be S3 to see what it does to calls. */
let behind: LoopbackServer;
let s3: FailingS3;
let written: string[] = [];
let mend = (): void => {};
beforeAll(async () => {
  behind = await startHttpServer((request, response) => {
    request.resume();
    request.once('end', () => {
      if (request.method === 'PUT') written.push(request.url ?? '');
      const body = request.method === 'GET' ? `${request.headers.host} ${request.url}` : '';
      response.writeHead(200, { 'Content-Length': body.length, ETag: '"of-the-store"' }).end(body);
    });
  });
  s3 = await startFailingS3({ endpoint: behind.url });
});
afterEach(() => {
  mend();
  written = [];
});
afterAll(async () => {
  await s3.stop();
  await behind.stop();
});

const call = (method: string, path = '/bucket/key'): Promise<Response> =>
  fetch(`${s3.endpoint}${path}`, { method, ...(method === 'PUT' ? { body: 'bytes' } : {}) });
const fail = (fault: S3Fault, more: { methods?: string[]; share?: number; random?: () => number } = {}): void => {
  mend = s3.fail({ fault, ...more });
};

describe('startFailingS3', () => {
  it('passes calls unchanged, with the host that was signed, until it is told otherwise and after it is mended', async () => {
    expect(await (await call('GET')).text()).toBe(`127.0.0.1:${s3.port} /bucket/key`);
    fail({ kind: 'status', status: 503 });
    const refused = await call('GET');
    expect(refused.status).toBe(503);
    expect(await refused.text()).toContain('<Code>SlowDown</Code>');
    mend();
    expect((await call('GET')).status).toBe(200);
  });

  it('meets the methods that are named, and the share that is drawn', async () => {
    const drawn = [0.9, 0.1];
    fail({ kind: 'status', status: 500 }, { methods: ['PUT'], share: 0.5, random: () => drawn.shift() ?? 1 });
    expect((await call('GET')).status).toBe(200);
    expect((await call('PUT')).status).toBe(200);
    expect((await call('PUT')).status).toBe(500);
    expect(written).toEqual(['/bucket/key']);
  });

  it('is silent, or breaks off, before a call is carried out', async () => {
    fail({ kind: 'silence' });
    await expect(
      fetch(`${s3.endpoint}/bucket/key`, { method: 'PUT', body: 'bytes', signal: AbortSignal.timeout(100) }),
    ).rejects.toThrow('timeout');
    mend();
    fail({ kind: 'cut' });
    await expect(call('PUT')).rejects.toThrow('fetch failed');
    expect(written).toEqual([]);
  });

  it('breaks off half-way: a body ends too soon, a write is done and not confirmed', async () => {
    fail({ kind: 'half' });
    await expect((await call('GET')).text()).rejects.toThrow('terminated');
    await expect(call('PUT')).rejects.toThrow('fetch failed');
    expect(written).toEqual(['/bucket/key']);
  });

  it('changes one byte of what is read', async () => {
    const whole = new Uint8Array(await (await call('GET')).arrayBuffer());
    fail({ kind: 'changed' });
    const changed = new Uint8Array(await (await call('GET')).arrayBuffer());
    expect(changed.length).toBe(whole.length);
    expect(changed.filter((byte, n) => byte !== whole[n]).length).toBe(1);
  });

  it('is another, empty bucket, in which nothing stays', async () => {
    fail({ kind: 'empty' });
    expect((await call('GET')).status).toBe(404);
    expect((await call('HEAD')).status).toBe(404);
    expect(await (await call('GET', '/bucket?list-type=2')).text()).toContain('<KeyCount>0</KeyCount>');
    expect((await call('PUT')).status).toBe(200);
    expect((await call('DELETE')).status).toBe(204);
    expect(written).toEqual([]);
  });
});
