import { mintJobId } from '@styleflow/contracts';
import { LEAST_WINDOW } from '@styleflow/queue';
import { jobPrefix, sourceKey } from '@styleflow/storage';
import { until } from '@styleflow/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, call } from '../test-calls.js';
import { fail, recordOf, submit, succeed } from '../test-jobs.js';
import { startTestServer, type TestServer } from '../test-server.js';

let server: TestServer;
const at = (id: string, rest = ''): string => `${server.url}/v1/jobs/${id}${rest}`;
const post = (url: string): Promise<Answer> => call(url, { method: 'POST' });

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

describe('a poll', () => {
  it('is told when to come back, and gets 304 until something has changed', async () => {
    const id = await submit(server);
    const first = await call(at(id));
    expect(first.status).toBe(200);
    expect(Number(first.headers.get('retry-after'))).toBeGreaterThan(0);
    const etag = first.headers.get('etag') ?? '';
    for (const tag of [etag, `W/${etag}`, `"other", ${etag}`]) {
      const again = await call(at(id), { headers: { 'If-None-Match': tag } });
      expect([again.status, again.body, again.headers.get('etag')]).toEqual([304, '', etag]);
    }
    await server.records.beginPrepare({ job: id, run: 1 });
    const changed = await call(at(id), { headers: { 'If-None-Match': etag } });
    expect(changed).toMatchObject({ status: 200, body: { status: 'preparing', stage: 'prepare', attempts: 1 } });
  });

  it('sees the end with its verdict and the links to what came out', async () => {
    const id = await submit(server);
    const result = await succeed(server, id);
    const { body, headers } = await call(at(id));
    expect(body).toMatchObject({
      status: 'succeeded',
      stage: null,
      verdict: result.verdict,
      progress: { percent: 100 },
    });
    expect(Object.keys(body.links).sort()).toEqual(['events', 'report', 'result', 'self']);
    expect(headers.get('retry-after')).toBeNull();
  });

  it('of an unknown job, or of what is no id, gets 404', async () => {
    for (const id of [mintJobId(), 'job_1', '%2e%2e', 'x'.repeat(500)]) {
      expect(await call(at(id))).toMatchObject({ status: 404, body: { code: 'not_found', status: 404 } });
    }
    expect(await call(`${server.url}/v1/jobs/%E0%A4%A`)).toMatchObject({
      status: 400,
      body: { code: 'invalid_request' },
    });
  });
});

describe('a long poll', () => {
  it('answers as soon as the job has ended', async () => {
    const id = await submit(server);
    const waiting = call(at(id), { headers: { Prefer: 'wait=60' } });
    await until('it waits', () => server.changes.waiters > 0);
    const startedAt = performance.now();
    await succeed(server, id);
    const answer = await waiting;
    expect(performance.now() - startedAt).toBeLessThan(40_000);
    expect(answer).toMatchObject({ status: 200, body: { status: 'succeeded' } });
    expect(answer.headers.get('preference-applied')).toBe('wait=60');
    expect(server.changes.waiters).toBe(0);
  });

  it('answers with the job as it stands when its time is up, 304 to who knows it', async () => {
    const id = await submit(server);
    const startedAt = performance.now();
    const answer = await call(at(id), { headers: { Prefer: 'respond-async, wait=1' } });
    expect(performance.now() - startedAt).toBeGreaterThan(900);
    expect(answer).toMatchObject({ status: 200, body: { status: 'queued' } });
    const etag = answer.headers.get('etag') ?? '';
    const known = await call(at(id), { headers: { Prefer: 'wait=1', 'If-None-Match': etag } });
    expect([known.status, known.headers.get('preference-applied')]).toEqual([304, 'wait=1']);
  });

  it('answers at once for a job that has ended', async () => {
    const id = await submit(server);
    await fail(server, id, 'media_corrupt');
    const startedAt = performance.now();
    const answer = await call(at(id), { headers: { Prefer: 'wait=60' } });
    expect(performance.now() - startedAt).toBeLessThan(40_000);
    expect(answer.body).toMatchObject({ status: 'failed', error: { code: 'media_corrupt' } });
  });

  it('is let go when its client leaves', async () => {
    const id = await submit(server);
    const gone = new AbortController();
    const waiting = fetch(at(id), { headers: { Prefer: 'wait=30' }, signal: gone.signal });
    await until('it waits', () => server.changes.waiters === 1);
    gone.abort();
    await expect(waiting).rejects.toThrow();
    await until('nobody waits', () => server.changes.waiters === 0);
  });

  it('answers 404 when the job is deleted meanwhile', async () => {
    const id = await submit(server);
    const waiting = call(at(id), { headers: { Prefer: 'wait=30' } });
    await until('it waits', () => server.changes.waiters > 0);
    await call(at(id), { method: 'DELETE' });
    expect(await waiting).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });
});

describe('the list', () => {
  it('goes from the newest to the oldest in pages that neither repeat nor miss', async () => {
    const fresh = await startTestServer();
    try {
      const ids: string[] = [];
      for (let count = 0; count < 5; count += 1) ids.unshift(await submit(fresh));
      const seen: string[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const query: string = cursor === '' ? 'limit=2' : `limit=2&cursor=${cursor}`;
        const { body } = await call(`${fresh.url}/v1/jobs?${query}`);
        seen.push(...body.jobs.map(({ id }: { id: string }) => id));
        cursor = body.nextCursor;
      }
      expect(seen).toEqual(ids);
      await fresh.records.requestCancel(ids[0] as `job_${string}`);
      const preparing = await call(`${fresh.url}/v1/jobs?status=preparing`);
      expect(preparing.body).toEqual({ jobs: [], nextCursor: null });
    } finally {
      await fresh.stop();
    }
  });

  it.each(['limit=0', 'limit=x', 'status=done', 'colour=red', 'cursor=%00'])('refuses ?%s', async (query) => {
    expect(await call(`${server.url}/v1/jobs?${query}`)).toMatchObject({
      status: 400,
      body: { code: 'invalid_request' },
    });
  });
});

describe('a cancel', () => {
  it('ends a job that waits for room among its owner’s, which has no entries before', async () => {
    const singles = server.connection.singles;
    await singles.setWindow({ jobs: 0, clips: 1 });
    const id = await submit(server);
    await singles.setWindow(LEAST_WINDOW);
    expect(await server.queue.flowState({ job: id, run: 1 })).toBe('absent');
    expect(await post(at(id, '/cancel'))).toMatchObject({ status: 202, body: { id } });
    expect(await server.queue.flowState({ job: id, run: 1 })).toBe('live');
    expect(await singles.waiting()).toEqual([]);
    await server.records.end({ job: id, run: 1 }, { status: 'canceled' });
  });

  it('takes a queued job out of the queue, and may be repeated', async () => {
    const id = await submit(server);
    expect(await post(at(id, '/cancel'))).toMatchObject({ status: 202, body: { id } });
    expect((await recordOf(server, id)).cancelRequested).toBe(true);
    expect(await server.queue.dropWaitingPrepare({ job: id, run: 1 })).toBe(false);
    expect((await post(at(id, '/cancel'))).status).toBe(202);
    await server.records.end({ job: id, run: 1 }, { status: 'canceled' });
    expect(await post(at(id, '/cancel'))).toMatchObject({ status: 202, body: { status: 'canceled' } });
  });

  it('of a job that is over otherwise is a conflict', async () => {
    const id = await submit(server);
    await succeed(server, id);
    expect(await post(at(id, '/cancel'))).toMatchObject({ status: 409, body: { code: 'conflict' } });
  });
});

describe('a retry', () => {
  it('runs a failed job again from its beginning', async () => {
    const id = await submit(server);
    await fail(server, id, 'inference_failed');
    const answer = await post(at(id, '/retry'));
    expect(answer).toMatchObject({ status: 202, body: { id, status: 'queued', finishedAt: null } });
    expect(answer.body.error).toBeUndefined();
    expect((await recordOf(server, id)).run).toBe(2);
    expect(await server.queue.flowState({ job: id, run: 2 })).toBe('live');
  });

  it('of any other job is a conflict', async () => {
    const id = await submit(server);
    expect(await post(at(id, '/retry'))).toMatchObject({ status: 409, body: { code: 'conflict' } });
    await succeed(server, id);
    expect(await post(at(id, '/retry'))).toMatchObject({ status: 409, body: { code: 'conflict' } });
  });
});

describe('a delete', () => {
  it('leaves no record, no object and no queue entry, whatever the job was doing', async () => {
    const ended = await submit(server);
    await succeed(server, ended);
    const queued = await submit(server);
    const running = await submit(server);
    await server.records.beginPrepare({ job: running, run: 1 });
    await server.store.put(sourceKey(running), 'film', 'video/mp4');
    for (const id of [ended, queued, running]) {
      expect(await call(at(id), { method: 'DELETE' })).toMatchObject({ status: 204, body: '' });
      expect((await call(at(id))).status).toBe(404);
      expect((await call(at(id), { method: 'DELETE' })).status).toBe(404);
      for await (const { key } of server.store.list(jobPrefix(id))) throw new Error(`${key} is left`);
      expect(await server.records.isBuried(id)).toBe(true);
      expect(await server.records.isWanted({ job: id, run: 1 })).toBe(false);
    }
  });
});

describe('an address', () => {
  it.each([
    ['PUT', '/v1/jobs', 'GET, HEAD, POST'],
    ['POST', '/v1/jobs/job_1', 'GET, HEAD, DELETE'],
    ['GET', '/v1/jobs/job_1/cancel', 'POST'],
    ['DELETE', '/v1/jobs/job_1/result', 'GET, HEAD'],
    ['GET', '/predict', 'POST'],
    ['POST', '/healthz', 'GET, HEAD'],
    ['GET', '/v1/uploads', 'POST'],
  ])('answers %s %s with what it allows', async (method, path, allow) => {
    const answer = await call(`${server.url}${path}`, { method });
    expect(answer).toMatchObject({ status: 405, body: { code: 'method_not_allowed', status: 405 } });
    expect(answer.headers.get('allow')).toBe(allow);
  });

  it('that does not exist is 404', async () => {
    expect(await call(`${server.url}/v2/jobs`)).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });
});
