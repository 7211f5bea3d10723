import { expect, it } from 'vitest';
import { RateMeter } from './rate-meter.js';

it('tells how many a second came since it was asked last', () => {
  let now = 1_000;
  const meter = new RateMeter(() => now);
  meter.add(8);
  meter.add(4);
  now += 8_000;
  expect(meter.sinceLastTime()).toBe(1.5);
  now += 15_000;
  expect(meter.sinceLastTime()).toBe(0);
  meter.add(1);
  now += 3_000;
  expect(meter.sinceLastTime()).toBe(0.33);
  meter.add(1);
  expect(meter.sinceLastTime()).toBe(0);
});
