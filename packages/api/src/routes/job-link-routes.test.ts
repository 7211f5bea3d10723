import { createHash } from 'node:crypto';
import { JobLinksSchema } from '@styleflow/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseApiKeys } from '../auth/api-keys.js';
import { call } from '../test-calls.js';
import { submit, succeed } from '../test-jobs.js';
import { startTestServer, type TestServer } from '../test-server.js';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const as = (key: string) => ({ headers: { authorization: `Bearer ${key}` } });

let server: TestServer;
let open: TestServer;
beforeAll(async () => {
  const keys = `local:user:sha256:${sha256('mine')},other:user:sha256:${sha256('theirs')}`;
  [server, open] = await Promise.all([startTestServer({ keys: parseApiKeys(keys) }), startTestServer()]);
});
afterAll(async () => {
  await server.stop();
  await open.stop();
});

describe('the links of a job', () => {
  it('open its report and pictures without a key, and nothing else', async () => {
    const id = await submit(server, {}, as('mine').headers);
    await succeed(server, id);
    const answer = await call(`${server.url}/v1/jobs/${id}/links`, { method: 'POST', ...as('mine') });
    const { access, expiresAt, links } = JobLinksSchema.parse(answer.body);
    expect(Date.parse(expiresAt) - Date.now()).toBeGreaterThan(800_000);
    expect(Object.keys(links)).toEqual(['events', 'result', 'report', 'report.pdf', 'preview.webm']);
    for (const file of ['result', 'report', 'preview.webm']) {
      expect(await call(`${server.url}${links[file]}`)).toMatchObject({ status: 200 });
    }
    const query = `?access=${encodeURIComponent(access)}`;
    expect(await call(`${server.url}/v1/jobs/${id}/faces/0/clips/0.png${query}`)).toMatchObject({ status: 200 });
    for (const path of [`/v1/jobs/${id}`, `/v1/jobs/${id}/evidence.zip`, '/v1/jobs', '/v1/system'])
      expect(await call(`${server.url}${path}${query}`), path).toMatchObject({ status: 401 });
    expect(await call(`${server.url}/v1/jobs/${id}${query}`, { method: 'DELETE' })).toMatchObject({ status: 401 });
  });

  it('are not given to others', async () => {
    const id = await submit(server, {}, as('mine').headers);
    const answer = await call(`${server.url}/v1/jobs/${id}/links`, { method: 'POST', ...as('theirs') });
    expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });

  it('are the plain addresses where no keys are set', async () => {
    const id = await submit(open);
    const { body } = await call(`${open.url}/v1/jobs/${id}/links`, { method: 'POST' });
    expect(body).toMatchObject({ access: '', links: { events: `/v1/jobs/${id}/events` } });
  });
});
