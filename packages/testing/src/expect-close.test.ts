import { describe, expect, it } from 'vitest';
import { expectClose } from './expect-close.js';

describe('expectClose', () => {
  it('accepts what lies within the absolute and relative bounds together', () => {
    expectClose([1.001, 100.5], [1, 100], { abs: 1e-2, rel: 5e-3 });
    expectClose(Float32Array.of(0.5), [0.5], {});
    expectClose(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, {});
  });

  it('names the worst value and how many lie outside', () => {
    expect(() => expectClose([1, 2.2, 3.5], [1, 2, 3], { abs: 0.1 })).toThrow(
      '2 of 3 values lie outside abs 0.1 + rel 0; worst at [2]: 3.5, expected 3',
    );
  });

  it('refuses NaN, a lone infinity and a different length, whatever the tolerance', () => {
    expect(() => expectClose(Number.NaN, 0, { abs: 1e9 })).toThrow('worst at [0]');
    expect(() => expectClose(Number.NaN, Number.NaN, { abs: 1e9 })).toThrow('worst at [0]');
    expect(() => expectClose(Number.POSITIVE_INFINITY, 0, { abs: 1e9 })).toThrow('worst at [0]');
    expect(() => expectClose(0, Number.POSITIVE_INFINITY, { rel: 1 })).toThrow('worst at [0]');
    expect(() => expectClose([1], [1, 2], { abs: 9 })).toThrow('1 values, expected 2');
  });
});
