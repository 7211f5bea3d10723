import { describe, expect, it } from 'vitest';
import { canonicalJson, canonicalPieces } from './canonical-json.js';

/** From RFC 8785, section 3.2.3 and appendix B, in part. */
const VALUE = {
  numbers: [Number('333333333.33333329'), 1e30, 4.5, 2e-3, 0.000000000000000000000000001, -0],
  string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"/',
  literals: [null, true, false],
  nothing: undefined,
  '\u00f6': 1,
  '\ud83d\ude00': 2,
  '\ufb33': 3,
  empty: [{}, []],
};
const TEXT =
  '{"empty":[{},[]],"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27,0],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/","ö":1,"😀":2,"\ufb33":3}';

describe('canonical JSON', () => {
  it('has one text for a value: names by UTF-16, numbers as JavaScript writes them', () => {
    expect(canonicalJson(VALUE)).toBe(TEXT);
  });

  it.each([0, 1, 2, 3, 9])('is the same text in pieces, taken apart down to level %i', (depth) => {
    expect([...canonicalPieces(VALUE, depth)].join('')).toBe(TEXT);
  });

  it('refuses what JSON cannot hold', () => {
    expect(() => canonicalJson(Number.NaN)).toThrow();
    expect(() => canonicalJson(undefined)).toThrow();
  });
});
