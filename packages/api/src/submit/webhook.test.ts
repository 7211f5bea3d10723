import { randomBytes } from 'node:crypto';
import { readAllRedis } from '@styleflow/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call, postJson } from '../test-calls.js';
import { fail, recordOf, submit, URL_SOURCE } from '../test-jobs.js';
import { startTestServer, type TestServer } from '../test-server.js';

const SECRET = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
const WEBHOOK = { url: 'https://hooks.example.org/styleflow?token=very-secret', secret: SECRET };

describe('a submission with a webhook', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({}, { secretKey: randomBytes(32).toString('base64') });
  });
  afterAll(() => server.stop());

  const deliveriesOf = (id: string) => call(`${server.url}/v1/jobs/${id}/deliveries`);

  it('keeps its secrets sealed, in a body of JSON as in a form', async () => {
    const byJson = await submit(server, { webhook: WEBHOOK });
    const form = new FormData();
    form.append('job', JSON.stringify({ webhook: WEBHOOK }));
    form.append('video', new Blob(['a video']), 'v.mp4');
    const byForm = await call(`${server.url}/v1/jobs`, { method: 'POST', body: form });
    expect(byForm.status).toBe(202);
    for (const id of [byJson, byForm.body.id]) {
      expect((await recordOf(server, id)).webhook).toEqual({
        url: 'https://hooks.example.org/styleflow?...',
        isUrlSealed: true,
        isSigned: true,
      });
      expect(await server.vault.open(id, 'webhook.url')).toBe(WEBHOOK.url);
      expect(await server.vault.open(id, 'webhook.secret')).toBe(SECRET);
      const { body } = await call(`${server.url}/v1/jobs/${id}`);
      expect(body.links.deliveries).toBe(`/v1/jobs/${id}/deliveries`);
      expect(JSON.stringify(body)).not.toMatch(/very-secret|whsec/);
    }
    expect(await readAllRedis(server.redis.port)).not.toMatch(/very-secret|whsec/);
  });

  it('has a log of deliveries that its owner reads and has sent again', async () => {
    const id = await submit(server, { webhook: WEBHOOK });
    expect((await deliveriesOf(id)).body).toEqual({ deliveries: [] });
    await fail(server, id, 'media_corrupt');
    const { status, body } = await deliveriesOf(id);
    expect([status, body.deliveries.length]).toEqual([200, 1]);
    expect(body.deliveries[0]).toMatchObject({ n: 1, event: 'job.failed', status: 'pending', attempts: [] });
    const again = (n: string) => call(`${server.url}/v1/jobs/${id}/deliveries/${n}/redeliver`, { method: 'POST' });
    expect(await again('1')).toMatchObject({ status: 202, body: { n: 1, status: 'pending' } });
    for (const n of ['2', '0', 'x', '1e3']) expect((await again(n)).status).toBe(404);
    expect((await deliveriesOf('job_1')).status).toBe(404);
  });

  it.each([
    [{}, 'webhook.url'],
    [{ url: 'ftp://hooks.example.org/' }, 'webhook.url'],
    [{ url: WEBHOOK.url, secret: 'whsec_short' }, 'webhook.secret'],
    [{ url: WEBHOOK.url, secret: Buffer.alloc(32).toString('base64') }, 'webhook.secret'],
    [{ url: WEBHOOK.url, events: [] }, 'webhook.events'],
  ])('is refused with %j', async (webhook, path) => {
    const answer = await postJson(`${server.url}/v1/jobs`, { source: URL_SOURCE, webhook });
    expect([answer.status, answer.body.code]).toEqual([400, 'invalid_request']);
    expect(answer.body.errors.map((error: { path: string }) => error.path)).toContain(path);
    expect(JSON.stringify(answer.body)).not.toContain('very-secret');
  });

  it.each([
    'http://127.0.0.1/',
    'http://localhost:9000/',
    'http://[::1]/',
    'http://169.254.169.254/',
    'http://0x7f.1/',
  ])('is refused when it would be told to %s', async (url) => {
    const answer = await postJson(`${server.url}/v1/jobs`, { source: URL_SOURCE, webhook: { url } });
    expect([answer.status, answer.body.code]).toEqual([403, 'forbidden']);
    expect(answer.body.detail).toContain('STYLEFLOW_ALLOW_PRIVATE_WEBHOOKS');
  });

  it('is another request under its Idempotency-Key than one without', async () => {
    const headers = { 'Idempotency-Key': 'told' };
    const id = await submit(server, { webhook: WEBHOOK }, headers);
    expect(await submit(server, { webhook: WEBHOOK }, headers)).toBe(id);
    expect((await postJson(`${server.url}/v1/jobs`, { source: URL_SOURCE }, headers)).status).toBe(422);
  });
});

describe('without a key to seal with', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({ allowPrivateWebhooks: true });
  });
  afterAll(() => server.stop());

  it('a secret or a telling address is refused by the name of the setting; a plain webhook is not', async () => {
    for (const webhook of [WEBHOOK, { url: WEBHOOK.url }, { url: 'https://hooks.example.org/', secret: SECRET }]) {
      const answer = await postJson(`${server.url}/v1/jobs`, { source: URL_SOURCE, webhook });
      expect([answer.status, answer.body.detail]).toEqual([400, expect.stringContaining('STYLEFLOW_SECRET_KEY')]);
    }
    const id = await submit(server, { webhook: { url: 'http://127.0.0.1:9999/hook' } });
    expect((await recordOf(server, id)).webhook).toEqual({
      url: 'http://127.0.0.1:9999/hook',
      isUrlSealed: false,
      isSigned: false,
    });
  });
});
