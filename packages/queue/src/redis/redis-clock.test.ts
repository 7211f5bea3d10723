import { afterEach, describe, expect, it, vi } from 'vitest';
import { RedisClock } from './redis-clock.js';

afterEach(() => void vi.useRealTimers());

/** A Redis whose clock stands at `seconds`, and how often it was asked. */
function redisAt(seconds: number): { time: () => Promise<[number, number]>; asked: () => number } {
  let asked = 0;
  return {
    time: async () => {
      asked += 1;
      return [seconds, 500_000];
    },
    asked: () => asked,
  };
}

describe('the clock of Redis', () => {
  it('tells the time of Redis, whatever the wall clock says', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: 0 });
    const now = await new RedisClock(redisAt(1_700_000_000)).now();
    expect(Math.abs(now - 1_700_000_000_500)).toBeLessThan(1_000);
  });

  it('goes on by the steady clock between two readings, and is read anew after half a minute', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const redis = redisAt(1_700_000_000);
    const clock = new RedisClock(redis);
    expect(clock.latest()).toBe(0);
    expect(await clock.now()).toBe(1_700_000_000_500);
    vi.advanceTimersByTime(30_000);
    expect(await clock.now()).toBe(1_700_000_030_500);
    expect(redis.asked()).toBe(1);
    vi.advanceTimersByTime(1);
    expect(clock.latest()).toBe(1_700_000_030_501);
    expect(await clock.now()).toBe(1_700_000_000_500);
    expect(redis.asked()).toBe(2);
  });

  it('says so when it cannot be read', async () => {
    const clock = new RedisClock({ time: () => Promise.reject(new Error('away')) });
    await expect(clock.now()).rejects.toThrow('away');
  });
});
