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
