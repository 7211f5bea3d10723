import { describe, expect, it } from 'vitest';
import { choosePalette } from './choose-palette.js';

function triples(values: Uint8Array): string[] {
  return Array.from({ length: values.length / 3 }, (_, i) => values.subarray(3 * i, 3 * i + 3).join()).sort();
}

describe('choosePalette', () => {
  it('keeps the colours of a picture that has no more than it may', () => {
    const pixels = Uint8Array.from({ length: 300 }, (_, i) => [255, 0, 16, 8, 90, 200, 1, 2, 3][i % 9] ?? 0);
    expect(triples(choosePalette(pixels, 64))).toEqual(['1,2,3', '255,0,16', '8,90,200']);
  });

  it('gives one colour to one, and none more than it may', () => {
    expect([...choosePalette(new Uint8Array(30).fill(7), 64)]).toEqual([7, 7, 7]);
    const noise = Uint8Array.from({ length: 30_000 }, (_, i) => (i * 7919 + (i >> 5) * 104_729) & 255);
    const palette = choosePalette(noise, 64);
    expect(palette.length).toBe(3 * 64);
    expect([...choosePalette(noise, 64)]).toEqual([...palette]);
  });

  it('puts a slow ramp near its colours', () => {
    const ramp = Uint8Array.from({ length: 3 * 128 }, (_, i) => 64 + Math.floor(i / 3));
    const greys = triples(choosePalette(ramp, 64)).map((one) => Number(one.split(',')[0]));
    for (const grey of ramp) expect(Math.min(...greys.map((one) => Math.abs(one - grey)))).toBeLessThanOrEqual(4);
  });
});
