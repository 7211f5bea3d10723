import { describe, expect, it } from 'vitest';
import { parseHttpDate, retryAfterMs } from './retry-after.js';

const NOW = Date.UTC(1994, 10, 6, 8, 49, 37);

describe('the time that an answer asks for', () => {
  it.each([
    ['0', 0],
    ['45', 45_000],
    [' 120 ', 120_000],
    ['Sun, 06 Nov 1994 08:50:37 GMT', 60_000],
    ['Sunday, 06-Nov-94 08:50:37 GMT', 60_000],
    ['Sun Nov  6 08:50:37 1994', 60_000],
    ['Sun, 06 Nov 1994 08:00:00 GMT', 0],
    ['soon', undefined],
    ['-5', undefined],
    ['1e3', undefined],
    ['1994-11-06T08:50:37Z', undefined],
    ['', undefined],
  ])('of %j is %s ms', (value, expected) => {
    expect(retryAfterMs({ 'retry-after': value }, NOW)).toBe(expected);
  });

  it('counts from the clock of who sent it', () => {
    const headers = { 'retry-after': 'Sun, 06 Nov 1994 08:50:37 GMT', date: 'Sun, 06 Nov 1994 08:50:27 GMT' };
    expect(retryAfterMs(headers, NOW)).toBe(10_000);
  });

  it('is none when nothing is asked', () => {
    expect(retryAfterMs({}, NOW)).toBeUndefined();
  });
});

it('a date of HTTP is read as GMT in each of its three forms', () => {
  expect(parseHttpDate('Sun Nov  6 08:49:37 1994')).toBe(NOW);
  expect(parseHttpDate('Sunday, 06-Nov-94 08:49:37 GMT')).toBe(NOW);
  expect(parseHttpDate('06 Nov 1994')).toBeNaN();
});
