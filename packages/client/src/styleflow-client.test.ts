import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Job } from '@styleflow/contracts';
import { type LoopbackServer, startHttpServer, until } from '@styleflow/testing';
import { afterEach, describe, expect, expectTypeOf, it } from 'vitest';
import type { z } from 'zod';
import type { ANSWERS } from './answers.js';
import type { AnswerOf } from './documented.js';
import { StyleFlowClient } from './index.js';

const ID = 'job_01JD9Z3V6Q8W2X4Y6Z8A0B2C4D';
const JOB: Job = {
  id: ID,
  status: 'queued',
  stage: null,
  progress: { percent: null, framesDecoded: 0, framesTotal: null, clipsPlanned: 0, clipsScored: 0 },
  source: { type: 'url', url: 'https://videos.example.org/a.mp4' },
  options: { maxFrames: 110, sampling: 'head', faces: 'all', detection: 'adaptive', priority: 5, keepCrops: false },
  metadata: {},
  createdAt: '2026-01-02T03:04:05.678Z',
  startedAt: null,
  finishedAt: null,
  attempts: 0,
  links: {},
};

interface Seen {
  readonly line: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

const servers: LoopbackServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});

type Turn = (response: ServerResponse, seen: Seen) => void;

/** A server that gives these answers one after the other, and then always the last one. It notes what it was asked. */
async function answering(...turns: Turn[]): Promise<{ client: StyleFlowClient; seen: Seen[]; url: string }> {
  const seen: Seen[] = [];
  const server = await startHttpServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const call = { line: `${request.method} ${request.url}`, headers: request.headers, body };
    seen.push(call);
    (turns[seen.length - 1] ?? turns.at(-1))?.(response, call);
  });
  servers.push(server);
  const client = new StyleFlowClient({ api: `${server.url}/`, key: 'anna-key', retries: 0 });
  return { client, seen, url: server.url };
}

const json =
  (body: unknown, status = 200, headers: Record<string, string> = {}): Turn =>
  (response) =>
    void response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(body));

const problem = (code: string, status: number, headers: Record<string, string> = {}): Turn =>
  json(
    { type: 'about:blank', title: 'No', status, detail: 'A sentence.', code, errors: [{ path: 'a', message: 'b' }] },
    status,
    {
      'Content-Type': 'application/problem+json',
      ...headers,
    },
  );

describe('a call', () => {
  it('carries the key, the body and the idempotency key', async () => {
    const { client, seen } = await answering(json(JOB, 202));
    const job = await client.submit(JOB.source, {
      options: { maxFrames: 64 },
      metadata: { a: 1 },
      idempotencyKey: 'k',
    });
    expect(job).toEqual(JOB);
    expect(seen[0]).toMatchObject({
      line: 'POST /v1/jobs',
      headers: { authorization: 'Bearer anna-key', 'idempotency-key': 'k' },
    });
    expect(JSON.parse(seen[0]?.body ?? '')).toEqual({
      source: JOB.source,
      options: { maxFrames: 64 },
      metadata: { a: 1 },
    });
  });

  it('that is refused throws the error that the API answered', async () => {
    const { client } = await answering(problem('idempotency_conflict', 422));
    await expect(client.submit(JOB.source)).rejects.toMatchObject({
      name: 'JobError',
      code: 'idempotency_conflict',
      message: 'A sentence.',
      retryable: false,
      details: { status: 422, errors: [{ path: 'a', message: 'b' }] },
    });
  });

  it('that a newer API refuses with a code of its own is not repeated, and says why', async () => {
    const { client, seen } = await answering(problem('audio_missing', 422));
    const refusal = { code: 'internal', message: 'A sentence.', retryable: false };
    await expect(client.wait(ID)).rejects.toMatchObject(refusal);
    expect(seen).toHaveLength(1);
    const busy = await answering(problem('tea_time', 503));
    await expect(busy.client.job(ID)).rejects.toMatchObject({ code: 'internal', retryable: true });
  });

  it('to an address where nothing listens says so', async () => {
    const { client, url } = await answering(json(JOB));
    await servers.pop()?.stop();
    await expect(client.job(ID)).rejects.toMatchObject({
      code: 'internal',
      message: `${url} cannot be reached: nothing listens there (is it running?).`,
    });
    const startedAt = performance.now();
    await expect(client.wait(ID)).rejects.toMatchObject({ code: 'internal' });
    // An outage would be waited for during 30 s.
    expect(performance.now() - startedAt).toBeLessThan(20_000);
    await expect(new StyleFlowClient({ api: 'localhost8000' }).job(ID)).rejects.toMatchObject({
      code: 'invalid_request',
    });
  });

  it('to something else than the API says so', async () => {
    const page: Turn = (response) =>
      void response.writeHead(502, { 'Content-Type': 'text/html' }).end('<h1>Bad Gateway</h1>');
    const { client } = await answering(page, json({ hello: 'world' }));
    await expect(client.job(ID)).rejects.toThrow('answered 502 without saying why');
    await expect(client.job(ID)).rejects.toThrow('answered something that this client does not know');
  });

  it('escapes what it puts into an address', async () => {
    const { client, seen } = await answering(json({ jobs: [], nextCursor: null }), problem('not_found', 404));
    await client.list({ status: 'failed', limit: 2, cursor: 'a&b' });
    await expect(client.cancel('../system')).rejects.toMatchObject({ code: 'not_found' });
    await expect(client.entries('score.a/b', { state: 'failed', cursor: 'x:1&y' })).rejects.toThrow();
    await expect(client.entry('finish', '../meta')).rejects.toThrow();
    await expect(client.pauseQueue('../x')).rejects.toMatchObject({ code: 'not_found' });
    expect(seen.map(({ line }) => line)).toEqual([
      'GET /v1/jobs?status=failed&limit=2&cursor=a%26b',
      'POST /v1/jobs/..%2Fsystem/cancel',
      'GET /v1/admin/queues/score.a%2Fb/entries?state=failed&cursor=x%3A1%26y',
      'GET /v1/admin/queues/finish/entries/..%2Fmeta',
      'POST /v1/admin/queues/..%2Fx/pause',
    ]);
  });
});

describe('a call that is refused for now', () => {
  const busy = problem('rate_limited', 429, { 'Retry-After': '0' });

  it('is repeated, a submission with the key that the client made for it', async () => {
    const { seen, url } = await answering(
      busy,
      problem('queue_unavailable', 503, { 'Retry-After': '0' }),
      json(JOB, 202),
    );
    expect(await new StyleFlowClient({ api: url }).submit(JOB.source)).toEqual(JOB);
    const keys = seen.map(({ headers }) => headers['idempotency-key']);
    expect(keys).toEqual([keys[0], keys[0], keys[0]]);
    expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
  });

  it('fails at last with what the API said, and at once when it would have to wait for long', async () => {
    const { seen, url } = await answering(busy);
    await expect(new StyleFlowClient({ api: url, retries: 2 }).job(ID)).rejects.toMatchObject({ code: 'rate_limited' });
    expect(seen).toHaveLength(3);
    const later = await answering(problem('rate_limited', 429, { 'Retry-After': '59' }));
    await expect(new StyleFlowClient({ api: later.url }).job(ID)).rejects.toMatchObject({ code: 'rate_limited' });
    expect(later.seen).toHaveLength(1);
  });

  it('is not repeated after an abort', async () => {
    const { seen, url } = await answering(problem('queue_full', 503, { 'Retry-After': '20' }));
    const stop = new AbortController();
    const submitted = new StyleFlowClient({ api: url }).submit(JOB.source, { signal: stop.signal });
    await until('it has been refused', () => seen.length === 1);
    stop.abort(new Error('enough'));
    await expect(submitted).rejects.toThrow('enough');
  });
});

describe('a wait', () => {
  const ended = { ...JOB, status: 'succeeded' as const };

  it('asks the API to hold its answer until the job has ended', async () => {
    const held = { 'Preference-Applied': 'wait=30', ETag: '"1"' };
    const { client, seen } = await answering(
      json(JOB, 200, held),
      (response) => void response.writeHead(304, held).end(),
      json(ended, 200, held),
    );
    expect(await client.wait(ID)).toEqual(ended);
    expect(seen.map(({ headers }) => [headers.prefer, headers['if-none-match']])).toEqual([
      ['wait=30', undefined],
      ['wait=30', '"1"'],
      ['wait=30', '"1"'],
    ]);
  });

  it('reads a job that failed with a code, and walks through a stage, of a newer API', async () => {
    const error = { code: 'audio_missing', message: 'It has no sound.' };
    const { client } = await answering(
      json({ ...JOB, status: 'scoring', stage: 'audit' }, 200, { 'Preference-Applied': 'wait=1' }),
      json({ ...JOB, status: 'failed', error }),
    );
    const stages: (string | null)[] = [];
    const ended = await client.wait(ID, { onChange: ({ stage }) => void stages.push(stage) });
    expect(ended.error).toEqual({ ...error, code: 'internal' });
    expect(stages).toEqual([null, null]);
  });

  it('shows every change to whom looks on', async () => {
    const changed: Job = { ...JOB, status: 'preparing', stage: 'prepare' };
    const held = { 'Preference-Applied': 'wait=1' };
    const { client } = await answering(json(JOB, 200, held), json(changed, 200, held), json(ended, 200, held));
    const seen: string[] = [];
    await client.wait(ID, { onChange: ({ status }) => seen.push(status) });
    expect(seen).toEqual(['queued', 'preparing', 'succeeded']);
  });

  it('comes back when an API that does not hold answers tells it to', async () => {
    const { client, seen } = await answering(json(JOB, 200, { 'Retry-After': '1' }), json(ended));
    const startedAt = performance.now();
    await client.wait(ID);
    expect(performance.now() - startedAt).toBeGreaterThan(900);
    expect(seen).toHaveLength(2);
  });

  it('outlives an outage shorter than its patience, and not a longer one', async () => {
    const away = problem('queue_unavailable', 503, { 'Retry-After': '0' });
    const { client } = await answering(away, away, json(ended));
    expect((await client.wait(ID)).status).toBe('succeeded');
    const gone = await answering(away);
    await expect(gone.client.wait(ID, { patienceMs: 50 })).rejects.toMatchObject({ code: 'queue_unavailable' });
  });

  it('ends at once on what no waiting helps, and when it is aborted', async () => {
    const { client } = await answering(problem('not_found', 404));
    await expect(client.wait(ID)).rejects.toMatchObject({ code: 'not_found' });
    const stop = new AbortController();
    const silent = await answering(() => stop.abort(new Error('enough')));
    await expect(silent.client.wait(ID, { signal: stop.signal })).rejects.toThrow('enough');
  });
});

describe('a file', () => {
  it('goes to the signed address with its length, and is then submitted', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'styleflow-client-'));
    const path = join(folder, 'a.mp4');
    const film = 'film'.repeat(100_000);
    await writeFile(path, film);
    const uploadId = 'upl_01JD9Z3V6Q8W2X4Y6Z8A0B2C4D';
    const headers = { 'X-Signed': 'yes' };
    const opened: Turn = (response, { headers: { host } }) =>
      json({ uploadId, url: `http://${host}/put?signature=x`, method: 'PUT', headers, expiresAt: JOB.createdAt }, 201)(
        response,
        seen[0] as Seen,
      );
    const { client, seen } = await answering(opened, (response) => void response.end(), json(JOB, 202));
    await client.submitFile(path, { metadata: { a: 1 } });
    expect(seen.map(({ line }) => line)).toEqual(['POST /v1/uploads', 'PUT /put?signature=x', 'POST /v1/jobs']);
    expect(seen[1]?.headers).toMatchObject({ 'content-length': String(film.length), 'x-signed': 'yes' });
    expect(seen[1]?.headers.authorization).toBeUndefined();
    expect(seen[1]?.headers['transfer-encoding']).toBeUndefined();
    expect(seen[1]?.body === film).toBe(true);
    expect(JSON.parse(seen[2]?.body ?? '')).toEqual({
      source: { type: 'upload', uploadId },
      metadata: { file: 'a.mp4', a: 1 },
    });
    await rm(folder, { recursive: true });
  });

  it('that cannot be read, or that the store refuses, throws', async () => {
    const opened: Turn = (response, seen) =>
      json(
        {
          uploadId: 'upl_1',
          url: `http://${seen.headers.host}/put`,
          method: 'PUT',
          headers: {},
          expiresAt: JOB.createdAt,
        },
        201,
      )(response, seen);
    const refusal: Turn = (response) => void response.writeHead(403).end('<Error><Code>EntityTooLarge</Code></Error>');
    const { client, seen } = await answering(opened);
    await expect(client.submitFile(process.execPath.replace(/[^/]*$/, ''))).rejects.toMatchObject({ code: 'EISDIR' });
    await expect(client.submitFile(join(process.execPath, 'a'))).rejects.toMatchObject({ code: 'ENOTDIR' });
    expect(seen).toEqual([]);
    const other = await answering(opened, refusal);
    const folder = await mkdtemp(join(tmpdir(), 'styleflow-client-'));
    await writeFile(join(folder, 'a'), 'film');
    await expect(other.client.submitFile(join(folder, 'a'))).rejects.toMatchObject({
      code: 'storage_unavailable',
      message: expect.stringContaining('EntityTooLarge'),
    });
    await rm(folder, { recursive: true });
  });
});

describe('the types', () => {
  it('are those of the document: what the schemas read, and nothing more or less', () => {
    expectTypeOf<z.output<typeof ANSWERS.readJob>>().toEqualTypeOf<AnswerOf<'readJob'>>();
    expectTypeOf<z.output<typeof ANSWERS.readResult>>().toEqualTypeOf<AnswerOf<'readResult'>>();
    expectTypeOf<z.output<typeof ANSWERS.openUpload>>().toEqualTypeOf<AnswerOf<'openUpload'>>();
    expectTypeOf<z.output<typeof ANSWERS.listModels>>().toEqualTypeOf<AnswerOf<'listModels'>>();
  });
});

describe('events', () => {
  it('are read as they come, however they are cut into pieces, comments aside', async () => {
    const progress = JSON.stringify({ ...JOB.progress, framesDecoded: 5 });
    const text = `: hello\n\nid: 1-0\nevent: status\ndata: {"status":"preparing"}\n\nid: 2-0\nevent: progress\ndata: ${progress}\n\nevent: news\ndata: {}\n\n`;
    const { client, seen } = await answering((response) => {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      for (const piece of text.match(/[\s\S]{1,7}/g) ?? []) response.write(piece);
      response.end();
    });
    const events = [];
    for await (const event of client.events(ID, { lastEventId: '0-1' })) events.push(event);
    expect(events).toEqual([
      { id: '1-0', type: 'status', data: { status: 'preparing' } },
      { id: '2-0', type: 'progress', data: { ...JOB.progress, framesDecoded: 5 } },
    ]);
    expect(seen[0]?.headers['last-event-id']).toBe('0-1');
  });
});
