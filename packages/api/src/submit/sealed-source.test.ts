import { randomBytes } from 'node:crypto';
import { JobListSchema } from '@styleflow/contracts';
import { sourceKey } from '@styleflow/storage';
import { readAllRedis } from '@styleflow/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call, postJson } from '../test-calls.js';
import { fail, recordOf, submit } from '../test-jobs.js';
import { startTestServer, type TestServer } from '../test-server.js';

const SOURCE = { type: 'url', url: 'https://anna:open-sesame@films.example.org/v.mp4?X-Amz-Signature=very-secret' };
const SHOWN = { type: 'url', url: 'https://films.example.org/v.mp4?...' };
const SECRETS = /open-sesame|very-secret/;

describe('a source with credentials in its address', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({}, { secretKey: randomBytes(32).toString('base64') });
  });
  afterAll(() => server.stop());

  it('is accepted, and no answer, no key of Redis and no queue entry shows them', async () => {
    const answer = await postJson(`${server.url}/v1/jobs`, { source: SOURCE });
    expect([answer.status, answer.body.source]).toEqual([202, SHOWN]);
    const { id } = answer.body;
    expect((await call(`${server.url}/v1/jobs/${id}`)).body.source).toEqual(SHOWN);
    const listed = JobListSchema.parse((await call(`${server.url}/v1/jobs`)).body);
    expect(listed.jobs.find((job) => job.id === id)?.source).toEqual(SHOWN);
    const entry = await call(`${server.url}/v1/admin/queues/prepare/entries/${id}.1.prepare`);
    expect([entry.status, entry.body.payload?.v, entry.body.payloadProblem]).toEqual([200, 2, null]);
    expect(JSON.stringify(entry.body)).not.toContain('films.example.org');
    expect(await readAllRedis(server.redis.port)).not.toMatch(SECRETS);
    expect(await server.vault.open(id, 'source')).toBe(SOURCE.url);
  });

  it('is the same request when it is repeated with its Idempotency-Key, and another with another signature', async () => {
    const headers = { 'Idempotency-Key': 'sealed' };
    const id = await submit(server, { source: SOURCE }, headers);
    expect(await submit(server, { source: SOURCE }, headers)).toBe(id);
    const other = { source: { type: 'url', url: `${SOURCE.url}-not` } };
    expect((await postJson(`${server.url}/v1/jobs`, other, headers)).status).toBe(422);
  });

  it('must be given anew when the job has failed: a retry says so, unless a copy of the video is there', async () => {
    const id = await submit(server, { source: SOURCE });
    await fail(server, id, 'inference_failed');
    const refused = await call(`${server.url}/v1/jobs/${id}/retry`, { method: 'POST' });
    expect([refused.status, refused.body.code]).toEqual([409, 'conflict']);
    expect(refused.body.detail).toContain('given anew');
    expect((await recordOf(server, id)).run).toBe(1);
    await server.store.put(sourceKey(id), 'a video', 'video/mp4');
    expect((await call(`${server.url}/v1/jobs/${id}/retry`, { method: 'POST' })).status).toBe(202);
  });

  it('is refused when it was copied from an answer', async () => {
    const answer = await postJson(`${server.url}/v1/jobs`, { source: SHOWN });
    expect([answer.status, answer.body.code, answer.body.errors?.[0]?.path]).toEqual([
      400,
      'invalid_request',
      'source.url',
    ]);
  });
});

describe('without a key to seal with', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server.stop());

  it('a source with credentials is refused by the name of the setting, and nothing of it stays', async () => {
    const answer = await postJson(`${server.url}/v1/jobs`, { source: SOURCE });
    expect([answer.status, answer.body.code, answer.body.errors?.[0]?.path]).toEqual([
      400,
      'invalid_request',
      'source.url',
    ]);
    expect(answer.body.detail).toContain('STYLEFLOW_SECRET_KEY');
    expect(JSON.stringify(answer.body)).not.toMatch(SECRETS);
    expect((await postJson(`${server.url}/predict`, { file_path: SOURCE.url })).status).toBe(400);
    expect(await readAllRedis(server.redis.port)).not.toMatch(SECRETS);
  });

  it('a query that seems harmless is taken and shown', async () => {
    const source = { type: 'url', url: 'https://films.example.org/watch?v=12' };
    const answer = await postJson(`${server.url}/v1/jobs`, { source });
    expect([answer.status, answer.body.source]).toEqual([202, source]);
  });
});
