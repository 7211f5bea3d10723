import { connect } from 'node:net';
import { METADATA_MAX_BYTES, VIDEO_URL_MAX_LENGTH } from '@styleflow/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call, postJson } from '../test-calls.js';
import { recordOf, storedKeys, submit, URL_SOURCE } from '../test-jobs.js';
import { BUNDLE, startTestServer, type TestServer } from '../test-server.js';

let server: TestServer;
let jobs: string;

beforeAll(async () => {
  server = await startTestServer();
  jobs = `${server.url}/v1/jobs`;
});
afterAll(() => server.stop());

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
      options: {
        maxFrames: 110,
        sampling: 'head',
        faces: 'all',
        detection: 'adaptive',
        priority: 5,
        keepCrops: false,
        keepSource: false,
        bundle: BUNDLE.id,
      },
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
    expect(paths).toEqual(['options.maxFrames', 'options.speed', 'source.extra', 'source.url', 'webhook.url']);
  });

  it.each<[unknown, string, string]>([
    [{}, 'source', 'missing (expected: object)'],
    [{ source: { type: 'url' } }, 'source.url', 'missing (expected: string)'],
    [{ source: { type: 'url', url: 'ftp://example.org/a' } }, 'source.url', 'not an http or https URL'],
    [{ source: { type: 'file', path: 'a.mp4' } }, 'source.type', 'one of url, s3, upload, job'],
  ])('says of %j what was expected', async (body, path, message) => {
    const answer = await postJson(jobs, body);
    expect(answer.body).toMatchObject({ status: 400, errors: [{ path, message }] });
    expect(answer.body.detail).toContain(`${path}: ${message}`);
  });

  it.each([
    ['text that is no JSON', '{"source":', 400, 'invalid_request'],
    ['bytes that are no UTF-8', new Uint8Array([0x22, 0xff, 0xfe, 0x22]), 400, 'invalid_request'],
    ['nothing at all', '', 400, 'invalid_request'],
    [
      'a key that occurs twice',
      '{"source":{"type":"url","url":"https://a.example/a","url":"https://b.example/b"}}',
      400,
      'invalid_request',
    ],
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

  it('takes the longest address and the most metadata, even with each letter beyond ASCII escaped', async () => {
    const url = 'https://videos.example.org/a'.padEnd(VIDEO_URL_MAX_LENGTH, 'a');
    const metadata = { a: 'é'.repeat(Math.floor((METADATA_MAX_BYTES - '{"a":""}'.length) / 2)) };
    const body = JSON.stringify({ source: { type: 'url', url }, metadata }).replaceAll('é', '\\u00e9');
    const answer = await call(jobs, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body });
    expect(answer).toMatchObject({ status: 202, body: { metadata } });
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
    for (const source of [
      { type: 's3', bucket: 'own', key: 'jobs/another/source' },
      { type: 's3', bucket: 'films', key: 'a/../own.mp4' },
    ]) {
      expect(await postJson(jobs, { source })).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    }
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

describe('limits', () => {
  it('refuses what the queue cannot hold, an upload before its first byte', async () => {
    const small = await startTestServer({ maxQueuedJobs: 1 });
    try {
      const id = await submit(small);
      const answer = await postJson(`${small.url}/v1/jobs`, { source: URL_SOURCE });
      expect(answer).toMatchObject({ status: 503, body: { code: 'queue_full' } });
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      const form = new FormData();
      form.append('video', new Blob(['film']), 'a.mp4');
      const upload = await call(`${small.url}/v1/jobs`, { method: 'POST', body: form });
      expect(upload).toMatchObject({ status: 503, body: { code: 'queue_full' } });
      expect(await storedKeys(small, 'jobs/')).toEqual([`jobs/${id}/job.json`]);
    } finally {
      await small.stop();
    }
  });

  it('gives up a body that stops arriving, but not one that arrives slowly', async () => {
    // Twenty times as long as the sender's pauses, because the machine may be busy.
    const hasty = await startTestServer({ bodyIdleMs: 2_000 });
    try {
      const head =
        'POST /v1/jobs HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{';
      expect(await exchange(hasty.port, async (socket) => void socket.write(head))).toContain('400 Bad Request');
      const text = JSON.stringify({ source: URL_SOURCE });
      const slow = `POST /v1/jobs HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${text.length}\r\n\r\n`;
      const startedAt = performance.now();
      const answer = await exchange(hasty.port, async (socket) => {
        socket.write(slow);
        for (let at = 0; at < text.length; at += 2) {
          await new Promise((resolve) => setTimeout(resolve, 100));
          socket.write(text.slice(at, at + 2));
        }
      });
      expect(performance.now() - startedAt).toBeGreaterThan(2_000);
      expect(answer).toContain('202 Accepted');
    } finally {
      await hasty.stop();
    }
  });
});

/** Writes to a raw connection and answers the head of the reply. */
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
