import { mintJobId } from '@styleflow/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call, postJson } from '../test-calls.js';
import { recordOf, sha256, submit, succeed, URL_SOURCE } from '../test-jobs.js';
import { startTestServer, type TestServer } from '../test-server.js';
import { parseApiKeys } from './api-keys.js';

let server: TestServer;
const [ANNA, BERT, ROOT] = ['anna-key', 'bert-key', 'root-key'];
const bearer = (key: string) => ({ Authorization: `Bearer ${key}` });

beforeAll(async () => {
  server = await startTestServer({
    keys: parseApiKeys(
      `anna:user:sha256:${sha256(ANNA)}, bert:user:sha256:${sha256(BERT)},root:admin:sha256:${sha256(ROOT).toUpperCase()}`,
    ),
  });
});
afterAll(() => server.stop());

describe('with API keys', () => {
  it('a call needs a valid one', async () => {
    for (const headers of [
      {},
      bearer('guess'),
      { Authorization: ANNA },
      { Authorization: `Basic ${ANNA}` },
      bearer(sha256(ANNA)),
    ]) {
      const answer = await call(`${server.url}/v1/jobs`, { headers });
      expect(answer).toMatchObject({ status: 401, body: { code: 'unauthorized' } });
      expect(answer.headers.get('www-authenticate')).toContain('Bearer');
    }
    expect((await postJson(`${server.url}/predict`, { file_path: URL_SOURCE.url })).status).toBe(401);
    expect((await call(`${server.url}/v1/jobs`, { headers: bearer(ANNA) })).status).toBe(200);
  });

  it('signs of life and the description are open', async () => {
    for (const path of ['/healthz', '/readyz', '/healthcheck', '/openapi.json']) {
      expect((await call(`${server.url}${path}`)).status).toBe(200);
    }
  });

  it('metrics and the system, which name stores, hosts and processes, are for admins', async () => {
    for (const path of ['/metrics', '/v1/system']) {
      const url = `${server.url}${path}`;
      expect(await call(url)).toMatchObject({ status: 401, body: { code: 'unauthorized' } });
      expect(await call(url, { headers: bearer(ANNA) })).toMatchObject({ status: 403, body: { code: 'forbidden' } });
      expect((await call(url, { headers: bearer(ROOT) })).status).toBe(200);
    }
  });

  it('each key sees its own jobs only, an admin all', async () => {
    const id = await submit(server, {}, bearer(ANNA));
    expect((await recordOf(server, id)).owner).toBe('anna');
    await succeed(server, id);
    const job = `${server.url}/v1/jobs/${id}`;
    const calls: [string, string][] = [
      ['GET', job],
      ['GET', `${job}/result`],
      ['GET', `${job}/report`],
      ['GET', `${job}/events`],
      ['GET', `${job}/faces/0/clips/0.png`],
      ['GET', `${job}/faces/0/clips/0.json`],
      ['POST', `${job}/cancel`],
      ['POST', `${job}/retry`],
      ['DELETE', job],
    ];
    const unknown = await call(`${server.url}/v1/jobs/${mintJobId()}`, { headers: bearer(BERT) });
    for (const [method, url] of calls) {
      const answer = await call(url, { method, headers: bearer(BERT) });
      expect([answer.status, Object.keys(answer.body)]).toEqual([404, Object.keys(unknown.body)]);
    }
    const ids = async (key: string) =>
      (await call(`${server.url}/v1/jobs`, { headers: bearer(key) })).body.jobs.map(
        (listed: { id: string }) => listed.id,
      );
    expect([await ids(ANNA), await ids(BERT), await ids(ROOT)]).toEqual([[id], [], [id]]);
    expect((await call(job, { headers: bearer(ROOT) })).status).toBe(200);
    expect((await call(job, { method: 'DELETE', headers: bearer(ROOT) })).status).toBe(204);
  });

  it('an upload can be submitted only by whoever opened it', async () => {
    const { body } = await call(`${server.url}/v1/uploads`, { method: 'POST', headers: bearer(ANNA) });
    await call(body.url, { method: 'PUT', body: 'film' });
    const source = { source: { type: 'upload', uploadId: body.uploadId } };
    expect(await postJson(`${server.url}/v1/jobs`, source, bearer(BERT))).toMatchObject({
      status: 410,
      body: { code: 'upload_expired' },
    });
    expect((await postJson(`${server.url}/v1/jobs`, source, bearer(ANNA))).status).toBe(202);
  });

  it('the same idempotency key of two callers means two jobs', async () => {
    const key = { 'Idempotency-Key': mintJobId() };
    expect(await submit(server, {}, { ...bearer(ANNA), ...key })).not.toBe(
      await submit(server, {}, { ...bearer(BERT), ...key }),
    );
  });
});

describe('the setting of the API keys', () => {
  it.each([
    'anna',
    `anna:boss:sha256:${'0'.repeat(64)}`,
    `anna:user:sha256:${'0'.repeat(63)}`,
    `..:user:sha256:${'0'.repeat(64)}`,
  ])('refuses %s', (text) => {
    expect(() => parseApiKeys(text)).toThrow('entry 1 is not of the form');
  });

  it('refuses a name that occurs twice', () => {
    const entry = `anna:user:sha256:${'0'.repeat(64)}`;
    expect(() => parseApiKeys(`${entry},${entry}`)).toThrow('twice');
    expect(parseApiKeys(' , ')).toEqual([]);
  });
});
