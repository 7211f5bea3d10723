import { describe, expect, it } from 'vitest';
import { digitsApart, printCount, printTime } from './print-numbers.js';

describe('printTime', () => {
  it.each([
    [0, '0:00.0'],
    [63.25, '1:03.3'],
    [59.96, '1:00.0'],
    [3723.5, '1:02:03.5'],
    [86_000, '23:53:20.0'],
  ])('writes %d as %s', (seconds, text) => {
    expect(printTime(seconds)).toBe(text);
  });
});

describe('digitsApart', () => {
  it.each([
    [0.4, 0.41, 2],
    [0.3996, 0.4, 4],
    [0.4, 0.4, 2],
    [0.4, 0.4 - 1e-12, 6],
  ])('tells %d from %d by %d decimals', (one, other, digits) => {
    expect(digitsApart(one, other)).toBe(digits);
  });
});

describe('printCount', () => {
  it('writes one without and more with a plural', () => {
    expect([0, 1, 1204].map((count) => printCount(count, 'clip'))).toEqual(['0 clips', '1 clip', '1,204 clips']);
  });
});
