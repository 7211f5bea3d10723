import { describe, expect, it } from 'vitest';
import { canonicalJson, fingerprint } from './fingerprint.js';
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

describe('a fingerprint', () => {
  it('does not depend on the order of keys, at any depth', () => {
    expect(canonicalJson({ b: [{ d: 1, c: 2 }], a: null })).toBe('{"a":null,"b":[{"c":2,"d":1}]}');
    expect(fingerprint({ a: 1, b: { c: 2, d: 3 } })).toBe(fingerprint({ b: { d: 3, c: 2 }, a: 1 }));
  });

  it('tells apart what differs, arrays by their order', () => {
    const prints = [{ a: 1 }, { a: '1' }, { a: [1, 2] }, { a: [2, 1] }, { a: null }, {}].map(fingerprint);
    expect(new Set(prints).size).toBe(prints.length);
  });
});
