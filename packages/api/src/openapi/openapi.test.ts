import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, call, postJson } from '../test-calls.js';
import { type DescribedCheck, describedBy } from '../test-described.js';
import { addClips, failClips, SCORE_QUEUE } from '../test-entries.js';
import { fail, submit, succeed, URL_SOURCE } from '../test-jobs.js';
import { BUNDLE, startTestServer, type TestServer } from '../test-server.js';
import { openApiDocument } from './openapi.js';

let server: TestServer;
let expectDescribed: DescribedCheck;

beforeAll(async () => {
  server = await startTestServer({ predictWaitMs: 50 });
  expectDescribed = describedBy((await call(`${server.url}/openapi.json`)).body);
});
afterAll(() => server.stop());

describe('the OpenAPI document', () => {
  it('is OpenAPI 3.1 whose references all lead somewhere', () => {
    const document = openApiDocument();
    const text = JSON.stringify(document);
    expect(document).toMatchObject({ openapi: '3.1.0' });
    for (const [, name = ''] of text.matchAll(/"#\/components\/schemas\/([^"]*)"/g)) {
      expect(document).toHaveProperty(['components', 'schemas', name]);
    }
  });

  it('describes what the server answers', async () => {
    const { url } = server;
    const check = async (method: string, path: string, filled: string, init: RequestInit = {}): Promise<Answer> => {
      const answer = await call(`${url}${filled}`, { method, ...init });
      expectDescribed(method, path, answer);
      return answer;
    };
    const json = { 'Content-Type': 'application/json' };

    expectDescribed('POST', '/v1/jobs', await postJson(`${url}/v1/jobs`, { source: URL_SOURCE, metadata: { a: [1] } }));
    expectDescribed('POST', '/v1/jobs', await postJson(`${url}/v1/jobs`, { sauce: 1 }));
    expectDescribed(
      'POST',
      '/v1/jobs',
      await postJson(`${url}/v1/jobs`, { source: URL_SOURCE, options: { bundle: 'x' } }),
    );
    await check('POST', '/v1/jobs', '/v1/jobs', { headers: { 'Content-Type': 'text/plain' }, body: 'x' });
    await check('POST', '/v1/jobs', '/v1/jobs', { headers: json, body: 'x'.repeat(70_000) });

    const done = await submit(server);
    await succeed(server, done);
    const failed = await submit(server);
    await fail(server, failed, 'media_corrupt');
    const waiting = await submit(server);

    const told = await submit(server, { webhook: { url: 'https://hooks.example.org/' } });
    await fail(server, told, 'media_corrupt');

    for (const id of [done, failed, told, waiting, 'job_1']) {
      const job = `/v1/jobs/${id}`;
      await check('GET', '/v1/jobs/{id}/deliveries', `${job}/deliveries`);
      for (const n of [1, 9]) {
        const path = `${job}/deliveries/${n}/redeliver`;
        await check('POST', '/v1/jobs/{id}/deliveries/{n}/redeliver', path);
      }
      const { headers } = await check('GET', '/v1/jobs/{id}', job);
      await check('GET', '/v1/jobs/{id}', job, { headers: { 'If-None-Match': headers.get('etag') ?? '' } });
      await check('GET', '/v1/jobs/{id}/result', `${job}/result`);
      await check('GET', '/v1/jobs/{id}/report', `${job}/report`);
      await check('GET', '/v1/jobs/{id}/faces/{track}/clips/{n}.png', `${job}/faces/0/clips/0.png`);
      await check('GET', '/v1/jobs/{id}/faces/{track}/clips/{n}.json', `${job}/faces/0/clips/0.json`);
      if (id !== waiting) await check('GET', '/v1/jobs/{id}/events', `${job}/events`);
      await check('POST', '/v1/jobs/{id}/cancel', `${job}/cancel`);
      await check('POST', '/v1/jobs/{id}/retry', `${job}/retry`);
    }
    await check('GET', '/v1/jobs', '/v1/jobs?limit=2');
    await check('GET', '/v1/jobs', '/v1/jobs?limit=many');
    await check('DELETE', '/v1/jobs/{id}', `/v1/jobs/${done}`);
    await check('DELETE', '/v1/jobs/{id}', `/v1/jobs/${done}`);

    const csv = { 'Content-Type': 'text/csv' };
    const body = `source\nhttps://example.org/a.mp4\n`;
    const batches = '/v1/batches';
    const { body: batch } = await check('POST', batches, batches, { headers: csv, body });
    await check('POST', batches, `${batches}?dryRun=true`, { headers: csv, body });
    await check('POST', batches, batches, { headers: { 'Content-Type': 'text/plain' }, body });
    await check('POST', batches, batches, { headers: json, body: '{"manifest":1}' });
    await check('GET', batches, `${batches}?limit=1`);
    await check('GET', batches, `${batches}?limit=many`);
    for (const id of [batch.id, 'bat_1']) {
      await check('GET', `${batches}/{id}`, `${batches}/${id}`);
      for (const query of ['', '?format=csv', '?cursor=x', '?format=xml']) {
        await check('GET', `${batches}/{id}/results`, `${batches}/${id}/results${query}`);
        await check('GET', `${batches}/{id}/errors`, `${batches}/${id}/errors${query}`);
      }
      await check('POST', `${batches}/{id}/retry`, `${batches}/${id}/retry`);
      await check('POST', `${batches}/{id}/cancel`, `${batches}/${id}/cancel`);
      await check('DELETE', `${batches}/{id}`, `${batches}/${id}`);
      await check('DELETE', `${batches}/{id}`, `${batches}/${id}`);
      await check('GET', `${batches}/{id}`, `${batches}/${id}`);
    }

    await check('POST', '/v1/uploads', '/v1/uploads');
    await check('GET', '/v1/models', '/v1/models');
    for (const id of [BUNDLE.id, 'none@000000000000'])
      await check('GET', '/v1/models/{id}/disagreements', `/v1/models/${id}/disagreements`);
    await check('GET', '/v1/system', '/v1/system');
    for (const path of ['/healthcheck', '/healthz', '/readyz', '/metrics', '/openapi.json'])
      await check('GET', path, path);

    await addClips(server, waiting, 3);
    await failClips(server, 'A sentence.');
    const queues = '/v1/admin/queues';
    await check('GET', queues, queues);
    for (const queue of ['prepare', 'finish', SCORE_QUEUE, 'nowhere']) {
      for (const query of ['state=waiting', 'state=waiting-children', 'limit=2', 'limit=many']) {
        const path = `${queues}/${queue}/entries?${query}`;
        const { body } = await check('GET', `${queues}/{queue}/entries`, path);
        const id = body.entries?.[0]?.id ?? 'nothing';
        await check('GET', `${queues}/{queue}/entries/{id}`, `${queues}/${queue}/entries/${id}`);
      }
      await check('POST', `${queues}/{queue}/pause`, `${queues}/${queue}/pause`);
      await check('POST', `${queues}/{queue}/resume`, `${queues}/${queue}/resume`);
    }
    const predict = { headers: json, body: JSON.stringify({ file_path: URL_SOURCE.url }) };
    await check('POST', '/predict', '/predict', predict);
    await check('POST', '/predict', '/predict', { headers: json, body: '{}' });
  });

  it('describes another method, and what no route sees, at every call', async () => {
    const { paths } = openApiDocument() as { paths: Record<string, Record<string, { responses: object }>> };
    for (const [path, calls] of Object.entries(paths)) {
      const filled = path.replaceAll(/\{[^}]*\}/g, '1');
      const answer = await call(`${server.url}${filled}`, { method: 'PATCH' });
      expect(answer, path).toMatchObject({ status: 405, body: { code: 'method_not_allowed', instance: filled } });
      for (const [method, { responses }] of Object.entries(calls)) {
        expectDescribed(method, path, answer);
        expect(Object.keys(responses), `${method} ${path}`).toEqual(
          expect.arrayContaining(['400', '408', '417', '431']),
        );
      }
    }
  });

  it('would notice an answer that does not fit', async () => {
    const answer = await call(`${server.url}/v1/jobs/${await submit(server)}`);
    const bent = { ...answer, body: { ...answer.body, status: 'done' } };
    expect(() => expectDescribed('GET', '/v1/jobs/{id}', bent)).toThrow('status');
    const more = { ...answer, body: { ...answer.body, owner: 'local' } };
    expect(() => expectDescribed('GET', '/v1/jobs/{id}', more)).toThrow('additional');
  });
});
