import { until } from '@styleflow/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { parseApiKeys } from '../auth/api-keys.js';
import { parseKeyLimits } from '../auth/key-limits.js';
import { type Answer, call } from '../test-calls.js';
import { sha256 } from '../test-jobs.js';
import { startTestServer, type TestServer } from '../test-server.js';

let server: TestServer;
afterEach(() => server.stop());

const KEYS = parseApiKeys(`anna:user:sha256:${sha256('anna-key')},bert:user:sha256:${sha256('bert-key')}`);

const list = (key: string): Promise<Answer> =>
  call(`${server.url}/v1/jobs`, { headers: { Authorization: `Bearer ${key}` } });

describe('the calls of one key', () => {
  it('are limited a minute, each answer tells how many are left, and others are not concerned', async () => {
    server = await startTestServer({ keys: KEYS, callsPerMinute: 2 });
    const first = await list('anna-key');
    expect(first.status).toBe(200);
    expect(first.headers.get('ratelimit-policy')).toMatch(/^"calls"; q=2; w=60/);
    expect(first.headers.get('ratelimit')).toMatch(/^"calls"; r=1; t=\d+$/);
    expect((await list('anna-key')).headers.get('ratelimit')).toMatch(/r=0/);
    const third = await list('anna-key');
    expect(third).toMatchObject({ status: 429, body: { code: 'rate_limited' } });
    const wait = Number(third.headers.get('retry-after'));
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(60);
    expect((await list('bert-key')).status).toBe(200);
  });

  it('are limited a second, too, and a key may have limits of its own', async () => {
    const keyLimits = parseKeyLimits('bert:calls=1,burst=0');
    server = await startTestServer({ keys: KEYS, callsPerMinute: 100, callsPerSecond: 3, keyLimits });
    const first = await list('anna-key');
    expect(first.headers.get('ratelimit-policy')).toMatch(/^"calls"; q=100; w=60.*, "burst"; q=3; w=1/);
    const many = await Promise.all(Array.from({ length: 8 }, () => list('anna-key')));
    const refused = many.find(({ status }) => status === 429);
    expect(refused?.body.detail).toContain('3 calls a second');
    expect(refused?.headers.get('retry-after')).toBe('1');
    await until('the second is over', async () => (await list('anna-key')).status === 200);
    expect((await list('bert-key')).headers.get('ratelimit-policy')).toMatch(/^"calls"; q=1; w=60[^,]*$/);
    expect((await list('bert-key')).status).toBe(429);
  });

  it('are not limited by calls without a valid key, nor without a limit', async () => {
    server = await startTestServer({ keys: KEYS, callsPerMinute: 0 });
    for (let n = 0; n < 3; n += 1) expect((await list('wrong-key')).status).toBe(401);
    const answer = await list('anna-key');
    expect([answer.status, answer.headers.get('ratelimit')]).toEqual([200, null]);
  });

  it('are served while the count cannot be kept, as far as they do without Redis', async () => {
    server = await startTestServer({ keys: KEYS, callsPerMinute: 1 });
    await server.redis.stop();
    expect(await list('anna-key')).toMatchObject({ status: 503, body: { code: 'queue_unavailable' } });
  });
});
