import { describe, expect, it } from 'vitest';
import { canonicalJson, fingerprint } from './fingerprint.js';

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

describe('the fingerprint of a request', () => {
  const request = (options: object) => ({
    source: { type: 'url', url: 'https://example.org/v.mp4' },
    options,
    metadata: {},
  });

  it('is the same before and after an upgrade that adds an option with a default', () => {
    expect(fingerprint(request({ maxFrames: 110, detection: 'adaptive' }))).toBe(
      fingerprint(request({ maxFrames: 110 })),
    );
    expect(fingerprint(request({ maxFrames: 110, detection: 'dense' }))).not.toBe(
      fingerprint(request({ maxFrames: 110 })),
    );
  });
});
