import { describe, expect, it } from 'vitest';
import { preferredWaitSeconds } from './prefer-wait.js';

describe('Prefer: wait', () => {
  it.each<[string | undefined, number]>([
    [undefined, 0],
    ['wait=10', 10],
    ['WAIT = "10"', 10],
    ['respond-async, wait=10; foo=bar', 10],
    ['wait=600', 60],
    ['wait=-1', 0],
    ['wait=soon', 0],
    ['waiter=5', 0],
  ])('%s means %d seconds', (header, seconds) => {
    expect(preferredWaitSeconds(header)).toBe(seconds);
  });
});
