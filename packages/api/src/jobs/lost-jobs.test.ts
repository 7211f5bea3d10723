import { mintJobId } from '@styleflow/contracts';
import { putTombstone, sourceKey } from '@styleflow/storage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseApiKeys } from '../auth/api-keys.js';
import { call } from '../test-calls.js';
import { sha256, storedKeys, submit, succeed } from '../test-jobs.js';
import { BUNDLE, startTestServer, type TestServer } from '../test-server.js';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

const at = (id: string, path = ''): string => `${server.url}/v1/jobs/${id}${path}`;

async function forget(): Promise<void> {
  await server.redis.command('FLUSHALL');
  await server.announcements.rememberBundle(BUNDLE);
}

describe('a job that Redis has forgotten', () => {
  it('goes on when it is asked for, under its id', async () => {
    const id = await submit(server);
    await forget();
    expect(await call(at(id))).toMatchObject({ status: 200, body: { id, status: 'queued' } });
    expect(await server.queue.flowState({ job: id, run: 1 })).toBe('live');
    expect((await call(`${server.url}/v1/jobs`)).body.jobs).toHaveLength(1);
  });

  it('still has its result', async () => {
    const id = await submit(server);
    await succeed(server, id);
    await forget();
    expect(await call(at(id, '/result'))).toMatchObject({ status: 200, body: { job: id } });
    expect(await call(at(id))).toMatchObject({
      status: 200,
      body: { status: 'succeeded', verdict: { label: 'fake' } },
    });
  });

  it('does not come back after it was deleted, and the answer says so', async () => {
    const id = await submit(server);
    await succeed(server, id);
    expect((await call(at(id), { method: 'DELETE' })).status).toBe(204);
    expect(await storedKeys(server, 'tombstones/')).toContain(`tombstones/${id}`);
    expect((await call(at(id))).status).toBe(404);
    await forget();
    // A late worker.
    await server.store.put(`jobs/${id}/job.json`, '{}', 'application/json');
    expect(await call(at(id))).toMatchObject({ status: 410, body: { code: 'gone' } });
  });

  it('is told apart from one that never was, also when only its objects are left', async () => {
    expect(await call(at(mintJobId()))).toMatchObject({ status: 404, body: { code: 'not_found' } });
    const id = mintJobId();
    await server.store.put(sourceKey(id), 'film', 'video/mp4');
    const { status, body } = await call(at(id));
    expect([status, body.code]).toEqual([404, 'not_found']);
    expect(body.detail).toContain('styleflow doctor');
  });

  it('is hidden from other owners as every other, gone or not', async () => {
    const keys = parseApiKeys(['anna', 'ben'].map((name) => `${name}:user:sha256:${sha256(name)}`).join(','));
    const guarded = await startTestServer({ keys });
    try {
      const id = mintJobId();
      await putTombstone(guarded.store, id, { owner: 'anna', at: 0 });
      const statusFor = async (key: string, wait: string) => {
        const headers = { Authorization: `Bearer ${key}`, Prefer: wait };
        return (await call(`${guarded.url}/v1/jobs/${id}`, { headers })).status;
      };
      for (const wait of ['wait=0', 'wait=1']) {
        expect([await statusFor('anna', wait), await statusFor('ben', wait)]).toEqual([410, 404]);
      }
    } finally {
      await guarded.stop();
    }
  });
});
