import { type RedisServer, startRedis } from '@styleflow/testing';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TargetCircuits } from '../ports/target-circuits.js';
import { redisTargetCircuits } from './redis-target-circuits.js';

const PACE = { failuresBefore: 3, firstRestMs: 60_000, longestRestMs: 100_000, tryingMs: 30_000 };

let server: RedisServer;
let redis: Redis;
let circuits: TargetCircuits;
beforeAll(async () => {
  server = await startRedis();
  redis = new Redis(server.url);
  circuits = redisTargetCircuits(redis, PACE);
});
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

async function fail(target: string, times: number): Promise<void> {
  for (let time = 0; time < times; time += 1) await circuits.failed(target);
}

/** Lets the rest of all targets be over, as if its time had passed. */
async function passTime(): Promise<void> {
  for (const key of await redis.keys('*circuit*')) await redis.hset(key, 'until', 1);
}

it('a target is called as long as its failures are few, and again from the first success on', async () => {
  await fail('https://a.example/', 2);
  expect(await circuits.restMs('https://a.example/')).toBe(0);
  await circuits.succeeded('https://a.example/');
  await fail('https://a.example/', 2);
  expect(await circuits.restMs('https://a.example/')).toBe(0);
});

it('a target that goes on failing rests, for longer each time up to a bound, and others do not', async () => {
  await fail('https://b.example/', 3);
  const first = await circuits.restMs('https://b.example/');
  expect(first).toBeGreaterThan(50_000);
  expect(first).toBeLessThanOrEqual(60_000);
  // Calls that were under way when it began say nothing new.
  await fail('https://b.example/', 5);
  expect(await circuits.restMs('https://b.example/')).toBeLessThanOrEqual(first);
  await passTime();
  await fail('https://b.example/', 1);
  const later = await circuits.restMs('https://b.example/');
  expect(later).toBeGreaterThan(90_000);
  expect(later).toBeLessThanOrEqual(100_000);
  expect(await circuits.restMs('https://c.example/')).toBe(0);
});

it('after its rest one call tries it out, and all others wait for what becomes of that', async () => {
  await fail('https://d.example/', 3);
  await passTime();
  const looks = await Promise.all(Array.from({ length: 5 }, () => circuits.restMs('https://d.example/')));
  expect(looks.filter((restMs) => restMs === 0)).toHaveLength(1);
  expect(Math.max(...looks)).toBeLessThanOrEqual(30_000);
  await circuits.succeeded('https://d.example/');
  expect(await circuits.restMs('https://d.example/')).toBe(0);
});
