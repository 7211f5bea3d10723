import { type RedisServer, startRedis, until } from '@styleflow/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { QueueConnection } from '../connect-queue.js';
import { complaintsTo } from '../redis/complaints.js';
import { openRedis } from '../redis/connection.js';
import { parseRedisUrl } from '../redis/redis-url.js';
import { connectTest, quietLogger } from '../test-connection.js';
import { redisCallCounts } from './redis-call-counts.js';

describe('calls of an owner', () => {
  let server: RedisServer;
  let connection: QueueConnection;
  let elsewhere: QueueConnection;
  beforeAll(async () => {
    server = await startRedis();
    [connection, elsewhere] = await Promise.all([connectTest(server), connectTest(server)]);
  });
  afterAll(async () => {
    await connection.close();
    await elsewhere.close();
    await server.stop();
  });

  it('are counted over all processes, and apart from those of others', async () => {
    const first = await connection.callCounts.count('anna');
    const second = await elsewhere.callCounts.count('anna');
    expect([first.calls, second.calls]).toEqual([1, 2]);
    expect(second.endsInMs).toBeLessThanOrEqual(first.endsInMs);
    expect(second.endsInMs).toBeGreaterThan(50_000);
    expect((await elsewhere.callCounts.count('anna/bert')).calls).toBe(1);
    const inThisSecond = await connection.callCounts.count('anna', 'second');
    expect(inThisSecond.calls).toBe(1);
    expect(inThisSecond.endsInMs).toBeLessThanOrEqual(1_000);
  });

  it('begin anew after their minute, which further calls do not make longer', async () => {
    const address = parseRedisUrl(server.url);
    if (address === null) throw new Error('no address');
    const client = openRedis(address, 'commands', complaintsTo(quietLogger));
    const counts = redisCallCounts(client, { minuteMs: 300 });
    await counts.count('carl');
    const startedAt = performance.now();
    await until('they begin anew', async () => (await counts.count('carl')).calls === 1);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    client.disconnect();
  });
});
