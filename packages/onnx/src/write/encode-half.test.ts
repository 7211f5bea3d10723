import { decodeValues } from '@styleflow/checkpoints';
import { describe, expect, it } from 'vitest';
import { encodeHalf } from './encode-half.js';

describe('encodeHalf', () => {
  it('gives back every finite number of half precision bit by bit', () => {
    const finite = Uint16Array.from({ length: 65536 }, (_, bits) => bits).filter((bits) => (bits & 0x7c00) !== 0x7c00);
    const values = decodeValues(new Uint8Array(finite.buffer), 'float16', false);
    expect(encodeHalf(values, 'all')).toEqual(finite);
  });

  it('rounds to the nearest number, ties to the even one, across exponents and below the smallest normal number', () => {
    const one = 2 ** -10;
    const values = [
      1 + one / 2,
      1 + 1.5 * one,
      1 + 0.51 * one,
      2 - one / 2,
      2 ** -25,
      1.5 * 2 ** -24,
      65519,
      -2.5 * 2 ** -24,
    ];
    const expected = [0x3c00, 0x3c02, 0x3c01, 0x4000, 0, 2, 0x7bff, 0x8002];
    expect([...encodeHalf(Float32Array.from(values), 'w')]).toEqual(expected);
  });

  it('refuses what half precision cannot hold, by the name of the tensor', () => {
    for (const value of [65520, -1e9, Number.POSITIVE_INFINITY, Number.NaN]) {
      expect(() => encodeHalf(Float32Array.of(0, value), 's1.weight')).toThrow(/tensor s1\.weight holds .*fp16/);
    }
  });
});
