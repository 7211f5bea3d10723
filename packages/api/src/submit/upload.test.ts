import { connect } from 'node:net';
import { mintUploadId } from '@styleflow/contracts';
import { sourceKey, uploadKey } from '@styleflow/storage';
import { until } from '@styleflow/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call, postJson } from '../test-calls.js';
import { draftCount, sha256, storedKeys, submit, URL_SOURCE } from '../test-jobs.js';
import { startTestServer, type TestServer } from '../test-server.js';

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
    expect(sha256((await server.store.get(sourceKey(answer.body.id))) ?? '')).toBe(sha256(bytes));
    expect(await server.queue.flowState({ job: answer.body.id, run: 1 })).toBe('live');
  });

  it('keeps the name of the file, unless the metadata has one', async () => {
    const named = new FormData();
    named.append('video', videoPart('film'), 'интервью 🎬.mp4');
    expect((await submitForm(named)).body).toMatchObject({ metadata: { file: 'интервью 🎬.mp4' } });
    const own = new FormData();
    own.append('job', JSON.stringify({ metadata: { file: 'mine' } }));
    own.append('video', videoPart('film'), 'a.mp4');
    expect((await submitForm(own)).body).toMatchObject({ metadata: { file: 'mine' } });
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
    ['a video without a file name', (form) => form.append('video', 'film'), 400, 'invalid_request', 'video'],
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
    ['an empty video', (form) => form.append('video', videoPart(''), 'a.mp4'), 400, 'invalid_request', 'video'],
    [
      'a video beyond the limit',
      (form) => form.append('video', videoPart(Buffer.alloc(10_000_001)), 'a.mp4'),
      413,
      'payload_too_large',
      undefined,
    ],
  ])('refuses %s and keeps nothing', async (_what, fill, status, code, path) => {
    const before = await storedKeys(server, 'jobs/');
    const form = new FormData();
    fill(form);
    const answer = await submitForm(form);
    expect(answer).toMatchObject({ status, body: { code } });
    if (path !== undefined) expect(answer.body.errors).toEqual([expect.objectContaining({ path })]);
    expect(await storedKeys(server, 'jobs/')).toEqual(before);
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
    const before = await storedKeys(server, 'jobs/');
    const socket = connect(server.port, '127.0.0.1');
    const head =
      'POST /v1/jobs HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 1000000\r\n\r\n';
    socket.write(
      `${head}--x\r\nContent-Disposition: form-data; name="video"; filename="a"\r\n\r\n${'film'.repeat(50_000)}`,
    );
    await until('the upload is on its way', async () => (await draftCount(server)) > 0);
    socket.resetAndDestroy();
    await until('nothing of it is left', async () => (await draftCount(server)) === 0);
    expect(await storedKeys(server, 'jobs/')).toEqual(before);
  });
});

describe('an upload by a signed address', () => {
  async function upload(bytes: string): Promise<string> {
    const opened = await call(`${server.url}/v1/uploads`, { method: 'POST' });
    expect(opened.status).toBe(201);
    expect(Date.parse(opened.body.expiresAt)).toBeGreaterThan(Date.now());
    const put = await call(opened.body.url, { method: 'PUT', headers: opened.body.headers, body: bytes });
    expect(put.status).toBe(200);
    return opened.body.uploadId;
  }

  it('moves to the job, where a later PUT changes nothing', async () => {
    const uploadId = await upload('the first film');
    const id = await submit(server, { source: { type: 'upload', uploadId } });
    expect(await server.store.head(uploadKey('local', uploadId))).toBeNull();
    await server.store.put(uploadKey('local', uploadId), 'another film', 'video/mp4');
    expect((await server.store.get(sourceKey(id)))?.toString()).toBe('the first film');
  });

  it('is asked for with known fields only', async () => {
    const answer = await postJson(`${server.url}/v1/uploads`, { bytes: 5, size: 5 });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: 'size', message: 'unknown field' }] } });
  });

  it('takes no empty file, and none that came past it becomes a job', async () => {
    const opened = await call(`${server.url}/v1/uploads`, { method: 'POST' });
    const key = uploadKey('local', opened.body.uploadId);
    const unsized = new ReadableStream({ start: (controller) => controller.close() });
    for (const body of ['', unsized]) {
      const answer = await call(opened.body.url, { method: 'PUT', body, duplex: 'half' } as RequestInit);
      expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request', errors: [{ message: 'empty' }] } });
      expect(await server.store.head(key)).toBeNull();
    }
    // As it goes with S3, whose door is not ours.
    await server.store.put(key, '', 'video/mp4');
    const before = await storedKeys(server, 'jobs/');
    const refused = await postJson(jobs, { source: { type: 'upload', uploadId: opened.body.uploadId } });
    expect(refused).toMatchObject({ status: 400, body: { errors: [{ path: 'source.uploadId', message: 'empty' }] } });
    expect(await storedKeys(server, 'jobs/')).toEqual(before);
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
