import { until } from '@styleflow/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { StyleFlowClient } from './index.js';
import { answering, ID, JOB, json, problem, stopServers, type Turn } from './test-api.js';

afterEach(() => stopServers());

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
    await stopServers(1);
    await expect(client.job(ID)).rejects.toMatchObject({
      code: 'internal',
      message: `${url} cannot be reached: nothing listens there (is it running?).`,
      details: { origin: url },
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
    const { client } = await answering(page, page, json({ hello: 'world' }));
    const broken = { code: 'internal', details: { status: 502 } };
    await expect(client.job(ID)).rejects.toMatchObject(broken);
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
