import { clipScoreKey, recordKey } from '@styleflow/storage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call } from '../test-calls.js';
import { fail, storedKeys, submit, succeed } from '../test-jobs.js';
import { startTestServer, type TestServer } from '../test-server.js';

let server: TestServer;
const at = (id: string, rest = ''): string => `${server.url}/v1/jobs/${id}${rest}`;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

describe('a job whose record has moved to the store', () => {
  it('is polled, listed, read and streamed as before', async () => {
    const id = await submit(server);
    const result = await succeed(server, id);
    const before = await call(at(id));
    const list = await call(`${server.url}/v1/jobs`);
    expect(await server.connection.endedJobs.archive(id)).toBe(true);
    const after = await call(at(id));
    expect([after.status, after.body]).toEqual([200, before.body]);
    expect(after.headers.get('etag')).toBe(before.headers.get('etag'));
    expect((await call(`${server.url}/v1/jobs`)).body).toEqual(list.body);
    expect((await call(at(id), { headers: { Prefer: 'wait=10' } })).body).toEqual(before.body);
    expect((await call(at(id, '/result'))).body).toMatchObject({ verdict: result.verdict });
    expect((await call(at(id, '/report'))).status).toBe(200);
    expect(await call(at(id, '/cancel'), { method: 'POST' })).toMatchObject({
      status: 409,
      body: { code: 'conflict' },
    });
  });

  it('is answered to the request that made it, repeated with the same Idempotency-Key', async () => {
    const headers = { 'Idempotency-Key': 'once' };
    const id = await submit(server, {}, headers);
    await fail(server, id, 'media_corrupt');
    await server.connection.endedJobs.archive(id);
    expect(await submit(server, {}, headers)).toBe(id);
  });

  it('is told as far as the indexes know it when it is damaged there, hands out its files and is deleted', async () => {
    const id = await submit(server);
    const result = await succeed(server, id);
    const { finishedAt } = (await call(at(id))).body as { finishedAt: string };
    await server.connection.endedJobs.archive(id);
    await server.store.put(recordKey(id, 1), '{"v":1,"fields":{"sta', 'application/json');
    const damaged = { status: 410, body: { code: 'gone', detail: expect.stringContaining(finishedAt) as string } };
    expect(await call(at(id))).toMatchObject(damaged);
    expect(await call(at(id), { headers: { Prefer: 'wait=10' } })).toMatchObject(damaged);
    expect(await call(at(id, '/cancel'), { method: 'POST' })).toMatchObject(damaged);
    expect(await call(at(id, '/events'))).toMatchObject(damaged);
    expect((await call(`${server.url}/v1/jobs`)).status).toBe(200);
    expect(await call(at(id, '/result'))).toMatchObject({ status: 200, body: { verdict: result.verdict } });
    expect((await call(at(id, '/faces/0/clips/0.png'))).status).toBe(200);
    expect((await call(at(id), { method: 'DELETE' })).status).toBe(204);
    expect((await call(at(id))).status).toBe(404);
    expect(await storedKeys(server, `jobs/${id}/`)).toEqual([]);
  });

  it('answers 410 for a clip whose score is damaged, and no failure of its own', async () => {
    const id = await submit(server);
    await succeed(server, id);
    await server.store.put(clipScoreKey(id, 1, 0, 0), '', 'application/json');
    expect(await call(at(id, '/faces/0/clips/0.json'))).toMatchObject({ status: 410, body: { code: 'gone' } });
  });

  it('is run again by a retry and deleted by a deletion', async () => {
    const id = await submit(server);
    await fail(server, id, 'inference_failed');
    await server.connection.endedJobs.archive(id);
    expect(await call(at(id, '/retry'), { method: 'POST' })).toMatchObject({ status: 202, body: { status: 'queued' } });
    await fail(server, id, 'inference_failed');
    await server.connection.endedJobs.archive(id);
    expect((await call(at(id), { method: 'DELETE' })).status).toBe(204);
    expect((await call(at(id))).status).toBe(404);
    expect(await storedKeys(server, `jobs/${id}/`)).toEqual([]);
  });
});
