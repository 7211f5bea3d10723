import { createLogger } from '@styleflow/runtime';
import {
  askRedis,
  type FaultyLink,
  type RedisServer,
  spoilRedis,
  startFaultyLink,
  startRedis,
} from '@styleflow/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { complaintsTo } from './complaints.js';
import { openRedis, type RedisClient } from './connection.js';
import { reachRedis, wasNotDone } from './reach-redis.js';
import { parseRedisUrl } from './redis-url.js';

let redis: RedisServer;
let link: FaultyLink;
let client: RedisClient;

beforeEach(async () => {
  redis = await startRedis();
  link = await startFaultyLink({ port: redis.port });
  const complaints = complaintsTo(createLogger('queue-test', 'silent'));
  const address = parseRedisUrl(`redis://127.0.0.1:${link.port}`);
  if (address === null) throw new Error('this is an address');
  client = openRedis(address, 'commands', complaints);
});

afterEach(async () => {
  client.disconnect();
  await link.stop();
  await redis.stop();
});

const failureOf = (commands: () => Promise<unknown>): Promise<unknown> =>
  reachRedis(client, commands).then(
    () => null,
    (error: unknown) => error,
  );

describe('a call of Redis', () => {
  it.each(['toServer', 'toClient'] as const)(
    'that is garbled on its way (%s) is an outage, and may have been done',
    async (garbled) => {
      await reachRedis(client, () => client.set('key', 'before'));
      const spoil = spoilRedis(1, () => 0);
      link.corrupt((piece, direction) => (direction === garbled ? spoil(piece, direction) : piece));
      const failure = await failureOf(() => client.set('key', 'after'));
      expect(failure).toMatchObject({ code: 'queue_unavailable' });
      expect(wasNotDone(failure)).toBe(false);
      expect(await askRedis(redis.port, ['GET', 'key'])).toBe(garbled === 'toServer' ? 'before' : 'after');
    },
  );

  it('that Redis refuses for what it says is a fault of ours, and was certainly not done', async () => {
    const failure = await failureOf(() => client.call('NO-SUCH-COMMAND'));
    expect(failure).toMatchObject({ code: 'internal' });
    expect(wasNotDone(failure)).toBe(true);
  });
});
