import { describe, expect, it } from 'vitest';
import { isTooOld, nextDelayMs } from './delivery-pace.js';

const HOUR_MS = 3_600_000;

describe('the attempts of a delivery', () => {
  it('go on over a day, further and further apart, and then end', () => {
    const delays: number[] = [];
    let ageMs = 0;
    for (let made = 1; ; made += 1) {
      const delay = nextDelayMs(made, ageMs, () => 0);
      if (delay === null) break;
      delays.push(delay);
      ageMs += delay;
    }
    expect(delays).toEqual([...delays].sort((a, b) => a - b));
    expect(delays[0]).toBe(5_000);
    expect(ageMs / HOUR_MS).toBeGreaterThan(22);
    expect(ageMs / HOUR_MS).toBeLessThan(26);
  });

  it('end after a day, however few there were', () => {
    expect(nextDelayMs(2, 27 * HOUR_MS)).toBeNull();
    expect([isTooOld(25 * HOUR_MS), isTooOld(27 * HOUR_MS)]).toEqual([false, true]);
  });

  it('of many do not come at the same moment', () => {
    expect([nextDelayMs(1, 0, () => 0), nextDelayMs(1, 0, () => 1)]).toEqual([5_000, 5_500]);
  });
});
