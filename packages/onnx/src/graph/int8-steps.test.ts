import { describe, expect, it } from 'vitest';
import { byteSteps, stepBias, stepWeights } from './int8-steps.js';

describe('the steps of a value in bytes', () => {
  it.each([
    [{ least: 0, most: 25.5 }, 0.1, 0],
    [{ least: -12.8, most: 12.7 }, 0.1, 128],
    [{ least: -25.5, most: -5 }, 0.1, 255],
    [{ least: 3, most: 25.5 }, 0.1, 0],
    [{ least: 0, most: 0 }, 1, 0],
  ])('of %j reach over it and over 0', (range, step, zero) => {
    const steps = byteSteps(range);
    expect(steps.step).toBeCloseTo(step, 6);
    expect(steps.zero).toBe(zero);
  });
});

describe('weights in whole numbers', () => {
  const weights = Float32Array.of(0.5, -1, 0.25, 8, 4, -0.1, 0, 0, 0);

  it('go to the nearest step of their own channel, whose largest weight is the largest number', () => {
    const { values, steps } = stepWeights(weights, 3, 7);
    expect([...values]).toEqual([32, -64, 16, 64, 32, -1, 0, 0, 0]);
    expect([...steps]).toEqual([1 / 64, 1 / 8, 1]);
    expect([...stepWeights(weights, 3, 8).values]).toEqual([64, -127, 32, 127, 64, -2, 0, 0, 0]);
  });

  it('of 7 bits let two products with bytes fit into 16 bits, and no larger ones would', () => {
    const largest = Math.max(...stepWeights(Float32Array.of(1), 1, 7).values);
    expect(2 * 255 * largest).toBeLessThan(2 ** 15);
    expect(2 * 255 * (largest + 1)).toBeGreaterThan(2 ** 15);
  });

  it('have a bias in the steps of their sums, and one that is too large ends at 32 bits', () => {
    const steps = Float32Array.of(0.5, 0.25, 1e-9);
    expect([...stepBias(Float32Array.of(1, -1, 1e6), { step: 0.5, zero: 3 }, steps)]).toEqual([4, -8, 2 ** 31 - 1]);
  });
});
