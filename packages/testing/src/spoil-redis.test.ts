import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askRedis } from './ask-redis.js';
import { type FaultyLink, startFaultyLink } from './faulty-link.js';
import { type RedisServer, startRedis } from './redis-server.js';
import { spoilRedis } from './spoil-redis.js';

let redis: RedisServer;
let link: FaultyLink;
beforeAll(async () => {
  redis = await startRedis();
  link = await startFaultyLink({ port: redis.port });
});
afterAll(async () => {
  await link.stop();
  await redis.stop();
});

describe('askRedis', () => {
  it('reads every kind of answer', async () => {
    expect(await askRedis(redis.port, ['SET', 'name', 'wört\r\nzwei'])).toBe('OK');
    expect(await askRedis(redis.port, ['GET', 'name'])).toBe('wört\r\nzwei');
    expect(await askRedis(redis.port, ['GET', 'none'])).toBeNull();
    expect(await askRedis(redis.port, ['DBSIZE'])).toBe(1);
    expect(await askRedis(redis.port, ['SCAN', '0'])).toEqual(['0', ['name']]);
    await expect(askRedis(redis.port, ['LPUSH', 'name', 'x'])).rejects.toThrow('WRONGTYPE');
  });

  it('gives up on a server that says nothing', async () => {
    link.stall();
    await expect(askRedis(link.port, ['PING'], 100)).rejects.toThrow('did not answer PING');
    link.restore();
  });
});

describe('spoilRedis', () => {
  it('makes a command that Redis refuses, and nothing is written', async () => {
    link.corrupt(spoilRedis(1, () => 0));
    // Redis's refusal is spoilt no more than other words of it: an error is no message that says something.
    await expect(askRedis(link.port, ['SET', 'spoilt', 'x'])).rejects.toThrow('Protocol error');
    link.restore();
    expect(await askRedis(redis.port, ['GET', 'spoilt'])).toBeNull();
  });

  it('makes an answer that cannot be read', async () => {
    const spoil = spoilRedis(1, () => 0);
    link.corrupt((piece, direction) => (direction === 'toClient' ? spoil(piece, direction) : piece));
    await expect(askRedis(link.port, ['PING'])).rejects.toThrow('not an answer of Redis');
    link.restore();
  });

  it('leaves alone what it does not draw, and the middle of a message', () => {
    const command = Buffer.from('*1\r\n$4\r\nPING\r\n');
    expect(spoilRedis(0.5, () => 0.9)(command, 'toServer')).toBe(command);
    const middle = Buffer.from('a value’s middle');
    expect(spoilRedis(1, () => 0)(middle, 'toServer')).toBe(middle);
  });
});
