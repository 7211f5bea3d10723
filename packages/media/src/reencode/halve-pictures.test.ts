import { describe, expect, it } from 'vitest';
import { halvePictures } from './halve-pictures.js';

/** Grey pictures, one number a pixel. */
const grey = (...values: number[]): Uint8Array => Uint8Array.from(values.flatMap((value) => [value, value, value]));
const red = (pictures: Uint8Array): number[] => [...pictures].filter((_, at) => at % 3 === 0);

describe('half the size and back', () => {
  it('is the mean of four pixels, spread to its neighbours by three parts and one', () => {
    const picture = grey(0, 0, 160, 160, 0, 0, 160, 160);
    const rows = [0, 40, 120, 160];
    expect(red(halvePictures(picture, { width: 4, height: 2, frames: 1 }))).toEqual([...rows, ...rows]);
    const turned = grey(0, 0, 0, 0, 160, 160, 160, 160);
    expect(red(halvePictures(turned, { width: 2, height: 4, frames: 1 }))).toEqual([0, 0, 40, 40, 120, 120, 160, 160]);
  });

  it('leaves flat colours as they are and mixes neither colours nor frames', () => {
    const flat = (colour: readonly number[]): number[] => Array.from({ length: 16 }, () => colour).flat();
    const pictures = Uint8Array.from([...flat([255, 0, 7]), ...flat([0, 255, 254])]);
    expect(halvePictures(pictures, { width: 4, height: 4, frames: 2 })).toEqual(pictures);
  });

  it('takes away what is finer than two pixels', () => {
    const board = Uint8Array.from({ length: 8 * 8 * 3 }, (_, at) => {
      const pixel = Math.floor(at / 3);
      return (pixel + Math.floor(pixel / 8)) % 2 === 0 ? 0 : 200;
    });
    expect(new Set(halvePictures(board, { width: 8, height: 8, frames: 1 }))).toEqual(new Set([100]));
  });

  it('refuses odd sides and other lengths', () => {
    expect(() => halvePictures(new Uint8Array(27), { width: 3, height: 3, frames: 1 })).toThrow(RangeError);
    expect(() => halvePictures(new Uint8Array(11), { width: 2, height: 2, frames: 1 })).toThrow(RangeError);
  });
});
