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

  const input = { step: 0.5, zero: 3 };

  it('go to the nearest step of their own channel, whose largest weight is the largest number', () => {
    const { values, steps } = stepWeights(weights, new Float32Array(3), input, 7);
    expect([...values]).toEqual([32, -64, 16, 64, 32, -1, 0, 0, 0]);
    expect([...steps]).toEqual([1 / 64, 1 / 8, 1]);
    expect([...stepWeights(weights, new Float32Array(3), input, 8).values]).toEqual([
      64, -127, 32, 127, 64, -2, 0, 0, 0,
    ]);
  });

  it('of 7 bits let two products with bytes fit into 16 bits, and no larger ones would', () => {
    const largest = Math.max(...stepWeights(Float32Array.of(1), Float32Array.of(0), input, 7).values);
    expect(2 * 255 * largest).toBeLessThan(2 ** 15);
    expect(2 * 255 * (largest + 1)).toBeGreaterThan(2 ** 15);
  });

  it('have a bias in the steps of their sums', () => {
    expect([...stepBias(Float32Array.of(1, -1), input, Float32Array.of(0.5, 0.25))]).toEqual([4, -8]);
  });

  it.each([
    ['tiny', 1e-12],
    ['none', 0],
  ])('leave room for a bias beside which they are next to nothing (%s)', (_, weight) => {
    const bias = Float32Array.of(2.7, -1e6, 0.1);
    const { values, steps } = stepWeights(Float32Array.of(weight, -weight, weight), bias, input, 7);
    const numbers = stepBias(bias, input, steps);
    for (const [channel, value] of bias.entries()) {
      const whole = numbers[channel] ?? 0;
      expect(Math.abs(whole)).toBeLessThanOrEqual(2 ** 30 + 2 ** 7);
      expect(((whole * input.step * (steps[channel] ?? 0)) / value - 1) * 2 ** 24).toBeCloseTo(0, 0);
    }
    expect([...values].every((number) => Math.abs(number) <= 1)).toBe(true);
  });
});
