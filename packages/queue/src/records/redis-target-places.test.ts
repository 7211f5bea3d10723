import { type SkewedRedis, startSkewedRedis, until } from '@styleflow/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { QueueConnection } from '../connect-queue.js';
import { complaintsTo } from '../redis/complaints.js';
import { openRedis, type RedisClient } from '../redis/connection.js';
import { parseRedisUrl } from '../redis/redis-url.js';
import { connectTest, quietLogger } from '../test-connection.js';
import { redisTargetPlaces } from './redis-target-places.js';

describe('connections to one host', () => {
  let server: SkewedRedis;
  let connection: QueueConnection;
  let other: RedisClient;
  beforeAll(async () => {
    server = await startSkewedRedis();
    connection = await connectTest(server);
    other = connect();
  });
  afterAll(async () => {
    other.disconnect();
    await connection.close();
    await server.stop();
  });

  function connect(): RedisClient {
    const address = parseRedisUrl(server.url);
    if (address === null) throw new Error('no address');
    return openRedis(address, 'commands', complaintsTo(quietLogger));
  }

  it('are counted over all workers, and are free again once they are given back', async () => {
    const elsewhere = redisTargetPlaces(other, quietLogger);
    const first = await connection.targetPlaces.take('example.org', 2);
    const second = await elsewhere.take('example.org', 2);
    expect([first, second]).not.toContain(null);
    expect(await connection.targetPlaces.take('example.org', 2)).toBeNull();
    const another = await connection.targetPlaces.take('example.com', 2);
    await second?.release();
    const third = await connection.targetPlaces.take('example.org', 2);
    expect(third).not.toBeNull();
    for (const place of [first, another, third]) await place?.release();
  });

  it('are kept while they are held, and fall back once their worker is lost', async () => {
    const lost = connect();
    const brief = { fallsBackMs: 900 };
    const kept = await redisTargetPlaces(other, quietLogger, brief).take('kept.example', 1);
    await redisTargetPlaces(lost, quietLogger, brief).take('lost.example', 1);
    lost.disconnect();
    const mine = redisTargetPlaces(other, quietLogger, brief);
    const taken = await until('the lost one has fallen back', () => mine.take('lost.example', 1));
    expect(await mine.take('kept.example', 1)).toBeNull();
    await kept?.release();
    await taken.release();
  });

  it('are not held for ever by a clock of Redis that was 31 days ahead', async () => {
    await server.setClock(31 * 86_400_000);
    const places = redisTargetPlaces(other, quietLogger, { fallsBackMs: 600 });
    const taken = await places.take('ahead.example', 1);
    await server.setClock(0);
    await taken?.release();
    const again = await places.take('ahead.example', 1);
    expect(again).not.toBeNull();
    await again?.release();
  });
});
