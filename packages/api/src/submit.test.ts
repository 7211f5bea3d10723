import { readdir } from 'node:fs/promises';
import { connect } from 'node:net';
import { type JobId, mintJobId, mintUploadId } from '@styleflow/contracts';
import { sourceKey, uploadKey } from '@styleflow/storage';
import { until } from '@styleflow/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fingerprint } from './fingerprint.js';
import {
  BUNDLE,
  call,
  postJson,
  recordOf,
  sha256,
  startTestServer,
  submit,
  type TestServer,
  URL_SOURCE,
} from './test-server.js';

let server: TestServer;
let jobs: string;

beforeAll(async () => {
  server = await startTestServer();
  jobs = `${server.url}/v1/jobs`;
});
afterAll(() => server.stop());

const submitForm = (form: FormData, headers: Record<string, string> = {}) =>
  call(jobs, { method: 'POST', body: form, headers });
const videoPart = (bytes: Uint8Array | string) => new Blob([bytes], { type: 'video/mp4' });

async function storedKeys(prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of server.store.list(prefix)) keys.push(key);
  return keys;
}

async function storedSource(id: JobId): Promise<Buffer | null> {
  return server.store.get(sourceKey(id));
}

describe('a submission by address', () => {
  it('is accepted with its location, its defaults and the bundle that it is fixed to', async () => {
    const answer = await postJson(jobs, { source: URL_SOURCE, metadata: { ticket: 7 } });
    expect(answer.status).toBe(202);
    expect(answer.headers.get('location')).toBe(`/v1/jobs/${answer.body.id}`);
    expect(answer.body).toMatchObject({
      status: 'queued',
      stage: null,
      source: URL_SOURCE,
      metadata: { ticket: 7 },
      options: { maxFrames: 110, sampling: 'head', faces: 'all', priority: 5, keepCrops: false, bundle: BUNDLE.id },
      progress: { percent: null, framesDecoded: 0, framesTotal: null, clipsPlanned: 0, clipsScored: 0 },
      attempts: 0,
    });
    expect(answer.body.links).toMatchObject({
      self: `/v1/jobs/${answer.body.id}`,
      cancel: `/v1/jobs/${answer.body.id}/cancel`,
    });
    expect(await server.queue.flowState({ job: answer.body.id, run: 1 })).toBe('live');
    expect((await recordOf(server, answer.body.id)).bundle).toEqual(BUNDLE);
  });

  it('names every wrong and every unknown field', async () => {
    const answer = await postJson(jobs, {
      source: { type: 'url', url: 'ftp://example.org/a', extra: 1 },
      options: { maxFrames: -1, speed: 3 },
      webhook: {},
    });
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(answer.body).toMatchObject({ code: 'invalid_request', status: 400, instance: '/v1/jobs' });
    const paths = answer.body.errors.map(({ path }: { path: string }) => path).sort();
    expect(paths).toEqual(['options.maxFrames', 'options.speed', 'source.extra', 'source.url', 'webhook']);
  });

  it.each([
    ['text that is no JSON', '{"source":', 400, 'invalid_request'],
    ['bytes that are no UTF-8', new Uint8Array([0x22, 0xff, 0xfe, 0x22]), 400, 'invalid_request'],
    ['nothing at all', '', 400, 'invalid_request'],
    ['a nesting without end', '['.repeat(30_000), 400, 'invalid_request'],
    ['a deep but closed nesting', `{"metadata":${'['.repeat(5_000)}${']'.repeat(5_000)}}`, 400, 'invalid_request'],
    ['more than 64 KB', JSON.stringify({ metadata: { a: 'x'.repeat(70_000) } }), 413, 'payload_too_large'],
    [
      'too much metadata',
      JSON.stringify({ source: URL_SOURCE, metadata: { a: 'x'.repeat(20_000) } }),
      400,
      'invalid_request',
    ],
  ])('refuses %s', async (_what, body, status, code) => {
    const answer = await call(jobs, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body });
    expect(answer).toMatchObject({ status, body: { code } });
  });

  it('refuses a content type that it does not know', async () => {
    const answer = await call(jobs, { method: 'POST', headers: { 'Content-Type': 'text/plain' }, body: '{}' });
    expect(answer).toMatchObject({ status: 415, body: { code: 'unsupported_type' } });
  });

  it.each([
    'http://127.0.0.1/a.mp4',
    'http://0x7f.1/a.mp4',
    'http://localhost:9000/a.mp4',
    'http://[::1]/a.mp4',
    'http://[::ffff:10.0.0.1]/a.mp4',
    'http://169.254.169.254/latest/meta-data',
    'https://192.168.1.1/a.mp4',
  ])('refuses %s at once, since it names a private address', async (url) => {
    const answer = await postJson(jobs, { source: { type: 'url', url } });
    expect(answer).toMatchObject({ status: 403, body: { code: 'forbidden' } });
  });

  it('reads S3 from allowed buckets only', async () => {
    const allowed = await postJson(jobs, { source: { type: 's3', bucket: 'films', key: 'a.mp4' } });
    expect(allowed.status).toBe(202);
    const other = await postJson(jobs, { source: { type: 's3', bucket: 'salaries', key: 'a.mp4' } });
    expect(other).toMatchObject({ status: 403, body: { code: 'forbidden' } });
  });

  it('refuses a bundle that nobody announced', async () => {
    const answer = await postJson(jobs, { source: URL_SOURCE, options: { bundle: 'other@ffffffffffff' } });
    expect(answer).toMatchObject({ status: 422, body: { code: 'bundle_unknown' } });
  });
});

describe('an upload in the submission itself', () => {
  it.each(['video first', 'job first'])('goes into the store, %s', async (order) => {
    const bytes = Buffer.alloc(3_000_000, 'film');
    const form = new FormData();
    const video = () => form.append('video', videoPart(bytes), 'a.mp4');
    if (order === 'video first') video();
    form.append('job', JSON.stringify({ options: { maxFrames: 64 }, metadata: { order } }));
    if (order === 'job first') video();
    const answer = await submitForm(form);
    expect(answer.status).toBe(202);
    expect(answer.body).toMatchObject({ source: { type: 'upload' }, options: { maxFrames: 64 }, metadata: { order } });
    expect(sha256((await storedSource(answer.body.id)) ?? '')).toBe(sha256(bytes));
    expect(await server.queue.flowState({ job: answer.body.id, run: 1 })).toBe('live');
  });

  it('takes the part `job` as a file too, and does without it', async () => {
    const asFile = new FormData();
    asFile.append('job', new Blob(['{"metadata":{"as":"file"}}'], { type: 'application/json' }), 'job.json');
    asFile.append('video', videoPart('film'), 'a.mp4');
    expect((await submitForm(asFile)).body).toMatchObject({ metadata: { as: 'file' } });
    const alone = new FormData();
    alone.append('video', videoPart('film'), 'a.mp4');
    expect((await submitForm(alone)).body).toMatchObject({ options: { maxFrames: 110 }, metadata: {} });
  });

  it.each<[string, (form: FormData) => void, number, string, string | undefined]>([
    ['no video', (form) => form.append('job', '{}'), 400, 'invalid_request', 'video'],
    [
      'a part that it does not know',
      (form) => {
        form.append('video', videoPart('film'), 'a.mp4');
        form.append('colour', 'red');
      },
      400,
      'invalid_request',
      'colour',
    ],
    [
      'two videos',
      (form) => {
        form.append('video', videoPart('film'), 'a.mp4');
        form.append('video', videoPart('film'), 'b.mp4');
      },
      400,
      'invalid_request',
      'video',
    ],
    [
      'a source beside the video',
      (form) => {
        form.append('video', videoPart('film'), 'a.mp4');
        form.append('job', JSON.stringify({ source: URL_SOURCE }));
      },
      400,
      'invalid_request',
      'source',
    ],
    [
      'a video beyond the limit',
      (form) => form.append('video', videoPart(Buffer.alloc(10_000_001)), 'a.mp4'),
      413,
      'payload_too_large',
      undefined,
    ],
  ])('refuses %s and keeps nothing', async (_what, fill, status, code, path) => {
    const before = await storedKeys('jobs/');
    const form = new FormData();
    fill(form);
    const answer = await submitForm(form);
    expect(answer).toMatchObject({ status, body: { code } });
    if (path !== undefined) expect(answer.body.errors).toEqual([expect.objectContaining({ path })]);
    expect(await storedKeys('jobs/')).toEqual(before);
  });

  it('refuses a form that ends before its end', async () => {
    const body = '--x\r\nContent-Disposition: form-data; name="video"; filename="a"\r\n\r\nfilm';
    const answer = await call(jobs, {
      method: 'POST',
      headers: { 'Content-Type': 'multipart/form-data; boundary=x' },
      body,
    });
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
    const without = await call(jobs, { method: 'POST', headers: { 'Content-Type': 'multipart/form-data' }, body });
    expect(without).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
  });

  it('leaves nothing of an upload that was broken off', async () => {
    const before = await storedKeys('jobs/');
    const socket = connect(server.port, '127.0.0.1');
    const head =
      'POST /v1/jobs HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 1000000\r\n\r\n';
    socket.write(
      `${head}--x\r\nContent-Disposition: form-data; name="video"; filename="a"\r\n\r\n${'film'.repeat(50_000)}`,
    );
    await until('the upload is on its way', async () => (await draftCount()) > 0);
    socket.resetAndDestroy();
    await until('nothing of it is left', async () => (await draftCount()) === 0);
    expect(await storedKeys('jobs/')).toEqual(before);
  });
});

/** Files of the store that are being written. */
async function draftCount(): Promise<number> {
  const names = await readdir(server.storeFolder, { recursive: true, withFileTypes: true });
  return names.filter((entry) => entry.isFile() && entry.parentPath.includes('draft')).length;
}

describe('an upload by a signed address', () => {
  async function upload(bytes: string): Promise<string> {
    const opened = await call(`${server.url}/v1/uploads`, { method: 'POST' });
    expect(opened.status).toBe(201);
    expect(Date.parse(opened.body.expiresAt)).toBeGreaterThan(Date.now());
    const put = await call(opened.body.url, { method: 'PUT', headers: opened.body.headers, body: bytes });
    expect(put.status).toBe(200);
    return opened.body.uploadId;
  }

  it('is copied to the job, where a later PUT changes nothing', async () => {
    const uploadId = await upload('the first film');
    const id = await submit(server, { source: { type: 'upload', uploadId } });
    await server.store.put(uploadKey('local', uploadId), 'another film', 'video/mp4');
    expect((await storedSource(id))?.toString()).toBe('the first film');
  });

  it('is refused when nothing was put there, and when it was never opened', async () => {
    const opened = await call(`${server.url}/v1/uploads`, { method: 'POST' });
    for (const uploadId of [opened.body.uploadId, mintUploadId()]) {
      const answer = await postJson(jobs, { source: { type: 'upload', uploadId } });
      expect(answer).toMatchObject({ status: 410, body: { code: 'upload_expired' } });
    }
  });

  it('takes no byte with a changed signature or beyond its limit', async () => {
    const { url } = (await call(`${server.url}/v1/uploads`, { method: 'POST' })).body;
    const forged = await call(url.replace(/key=[^&]*/, 'key=jobs%2Fx'), { method: 'PUT', body: 'x' });
    expect(forged).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    const large = await call(url, { method: 'PUT', body: Buffer.alloc(10_000_001) });
    expect(large).toMatchObject({ status: 413, body: { code: 'payload_too_large' } });
    const get = await call(url);
    expect(get).toMatchObject({ status: 405, body: { code: 'method_not_allowed' } });
    expect(get.headers.get('allow')).toBe('PUT');
  });
});

describe('an idempotency key', () => {
  it('answers the first job again, and refuses another request', async () => {
    const headers = { 'Idempotency-Key': mintJobId() };
    const body = { source: URL_SOURCE, metadata: { a: 1, b: 2 } };
    const first = await postJson(jobs, body, headers);
    const again = await postJson(
      jobs,
      { metadata: { b: 2, a: 1 }, options: { maxFrames: 110 }, source: URL_SOURCE },
      headers,
    );
    expect(again.status).toBe(202);
    expect(again.body.id).toBe(first.body.id);
    const other = await postJson(jobs, { ...body, metadata: { a: 2 } }, headers);
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency_conflict' } });
  });

  it('knows a film by its bytes, and keeps only one copy', async () => {
    const headers = { 'Idempotency-Key': mintJobId() };
    const form = (film: string) => {
      const made = new FormData();
      made.append('video', videoPart(film), 'a.mp4');
      return made;
    };
    const before = (await storedKeys('jobs/')).length;
    const first = await submitForm(form('the film'), headers);
    const again = await submitForm(form('the film'), headers);
    expect(again.body.id).toBe(first.body.id);
    expect((await storedKeys('jobs/')).length).toBe(before + 1);
    const other = await submitForm(form('another film'), headers);
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency_conflict' } });
    expect((await storedKeys('jobs/')).length).toBe(before + 1);
  });

  it('completes a job that a crash left without its flow', async () => {
    const key = mintJobId();
    const id = await submit(server, {}, { 'Idempotency-Key': key });
    await server.queue.dropWaitingPrepare({ job: id, run: 1 });
    await until('the flow is gone', () => server.queue.removeEntries({ job: id, run: 1 }));
    expect(await server.queue.flowState({ job: id, run: 1 })).toBe('absent');
    expect(await submit(server, {}, { 'Idempotency-Key': key })).toBe(id);
    expect(await server.queue.flowState({ job: id, run: 1 })).toBe('live');
  });

  it('answers 409 while the first request is on its way', async () => {
    const key = mintJobId();
    const options = { maxFrames: 110, sampling: 'head', faces: 'all', priority: 5, keepCrops: false };
    await server.records.claimIdempotency('local', key, fingerprint({ source: URL_SOURCE, options, metadata: {} }));
    const answer = await postJson(jobs, { source: URL_SOURCE }, { 'Idempotency-Key': key });
    expect(answer).toMatchObject({ status: 409, body: { code: 'conflict' } });
  });

  it('is free again after a refused submission', async () => {
    const key = mintJobId();
    const uploadId = (await call(`${server.url}/v1/uploads`, { method: 'POST' })).body.uploadId;
    const body = { source: { type: 'upload', uploadId } };
    expect((await postJson(jobs, body, { 'Idempotency-Key': key })).status).toBe(410);
    await server.store.put(uploadKey('local', uploadId), 'film', 'video/mp4');
    expect((await postJson(jobs, body, { 'Idempotency-Key': key })).status).toBe(202);
  });

  it('is refused when it is not visible ASCII', async () => {
    const answer = await postJson(jobs, { source: URL_SOURCE }, { 'Idempotency-Key': 'a b' });
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
  });

  it('makes one job of ten requests at once', async () => {
    const key = mintJobId();
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => postJson(jobs, { source: URL_SOURCE }, { 'Idempotency-Key': key })),
    );
    const accepted = answers.filter(({ status }) => status === 202);
    expect(accepted.length).toBeGreaterThan(0);
    expect(new Set(accepted.map(({ body }) => body.id)).size).toBe(1);
    for (const { status, body } of answers) if (status !== 202) expect(body.code).toBe('conflict');
  });
});

describe('limits', () => {
  it('refuses what the queue cannot hold, an upload before its first byte', async () => {
    const small = await startTestServer({ maxQueuedJobs: 1 });
    try {
      await submit(small);
      const answer = await postJson(`${small.url}/v1/jobs`, { source: URL_SOURCE });
      expect(answer).toMatchObject({ status: 503, body: { code: 'queue_full' } });
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      const form = new FormData();
      form.append('video', videoPart('film'), 'a.mp4');
      const upload = await call(`${small.url}/v1/jobs`, { method: 'POST', body: form });
      expect(upload).toMatchObject({ status: 503, body: { code: 'queue_full' } });
      for await (const { key } of small.store.list('jobs/')) throw new Error(`${key} was left`);
    } finally {
      await small.stop();
    }
  });

  it('gives up a body that stops arriving, but not one that arrives slowly', async () => {
    const hasty = await startTestServer({ bodyIdleMs: 300 });
    try {
      const head =
        'POST /v1/jobs HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{';
      expect(await exchange(hasty.port, async (socket) => void socket.write(head))).toContain('400 Bad Request');
      const text = JSON.stringify({ source: URL_SOURCE });
      const slow = `POST /v1/jobs HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${text.length}\r\n\r\n`;
      const startedAt = performance.now();
      const answer = await exchange(hasty.port, async (socket) => {
        socket.write(slow);
        for (let at = 0; at < text.length; at += 10) {
          await new Promise((resolve) => setTimeout(resolve, 100));
          socket.write(text.slice(at, at + 10));
        }
      });
      expect(performance.now() - startedAt).toBeGreaterThan(300);
      expect(answer).toContain('202 Accepted');
    } finally {
      await hasty.stop();
    }
  });
});

/** Writes to a raw connection and answers the head of what comes back. */
async function exchange(port: number, write: (socket: ReturnType<typeof connect>) => Promise<void>): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  const answered = new Promise<string>((resolve, reject) => {
    socket.once('data', (data) => resolve(data.toString()));
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('closed without an answer')));
  });
  await write(socket);
  const text = await answered;
  socket.destroy();
  return text;
}
