import { rename } from 'node:fs/promises';
import { type FaultyLink, type RedisServer, startFaultyLink, startRedis, until } from '@styleflow/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call, postJson } from './test-calls.js';
import { submit, URL_SOURCE } from './test-jobs.js';
import { startTestServer, type TestServer } from './test-server.js';

let redis: RedisServer;
let link: FaultyLink;
let server: TestServer;

beforeAll(async () => {
  redis = await startRedis();
  link = await startFaultyLink({ port: redis.port });
  server = await startTestServer({}, { redis, redisUrl: `redis://127.0.0.1:${link.port}` });
});
afterAll(async () => {
  await server.stop();
  await link.stop();
  await redis.stop();
});

/** Calls that need Redis. */
async function callsOf(id: string) {
  const form = new FormData();
  form.append('video', new Blob(['film']), 'a.mp4');
  return Promise.all([
    call(`${server.url}/v1/jobs/${id}`),
    call(`${server.url}/v1/jobs/${id}`, { headers: { Prefer: 'wait=60' } }),
    call(`${server.url}/v1/jobs`),
    call(`${server.url}/v1/jobs/${id}/cancel`, { method: 'POST' }),
    call(`${server.url}/v1/system`),
    postJson(`${server.url}/v1/jobs`, { source: URL_SOURCE }),
    postJson(`${server.url}/v1/jobs`, { source: URL_SOURCE }, { 'Idempotency-Key': 'k' }),
    postJson(`${server.url}/predict`, { file_path: URL_SOURCE.url }),
    call(`${server.url}/v1/jobs`, { method: 'POST', body: form }),
  ]);
}

describe('while Redis is away', () => {
  it.each(['cut', 'stall'] as const)('every call that needs it answers quickly (%s)', async (fault) => {
    const id = await submit(server);
    link[fault]();
    try {
      const startedAt = performance.now();
      for (const answer of await callsOf(id)) {
        expect(answer).toMatchObject({ status: 503, body: { code: 'queue_unavailable' } });
        expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      }
      expect(performance.now() - startedAt).toBeLessThan(40_000);
      expect((await call(`${server.url}/healthz`)).status).toBe(200);
      await until('its readiness says so', async () => {
        const { status, body } = await call(`${server.url}/readyz`);
        return status === 503 && /queue_unavailable|timeout/.test(body.checks.redis) && body.checks.store === 'ok';
      });
      const page = await call(`${server.url}/metrics`);
      expect(page.status).toBe(200);
      expect(page.body).toContain('styleflow_dependency_up{dependency="redis"} 0');
      expect(page.body).toContain('styleflow_dependency_up{dependency="store"} 1');
      // An autoscaler must see that nothing is known, not figures of the past.
      expect(page.body).not.toMatch(/^styleflow_(queue_depth|queue_oldest_seconds|workers)\{/m);
    } finally {
      link.restore();
    }
    await until('it serves again', async () => (await call(`${server.url}/v1/jobs/${id}`)).status === 200);
    await until('it is ready', async () => (await call(`${server.url}/readyz`)).status === 200);
  });
});

describe('while the store is away', () => {
  it('uploads and deletions say so, and what needs no store goes on', async () => {
    const id = await submit(server);
    const hidden = `${server.storeFolder}.hidden`;
    await rename(server.storeFolder, hidden);
    try {
      const form = new FormData();
      form.append('video', new Blob(['film']), 'a.mp4');
      const upload = await call(`${server.url}/v1/jobs`, { method: 'POST', body: form });
      expect(upload).toMatchObject({ status: 503, body: { code: 'storage_unavailable' } });
      expect(await call(`${server.url}/v1/jobs/${id}`, { method: 'DELETE' })).toMatchObject({
        status: 503,
        body: { code: 'storage_unavailable' },
      });
      // Polls are served, so it is ready; what is away stands in the body.
      await until('its readiness says so', async () => {
        const { status, body } = await call(`${server.url}/readyz`);
        expect({ status, ready: body.ready }).toEqual({ status: 200, ready: true });
        return body.checks.store === 'storage_unavailable';
      });
      expect((await call(`${server.url}/v1/jobs/${id}`)).status).toBe(200);
      await submit(server);
    } finally {
      await rename(hidden, server.storeFolder);
    }
    expect((await call(`${server.url}/v1/jobs/${id}`, { method: 'DELETE' })).status).toBe(204);
  });
});
