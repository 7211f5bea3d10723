import { describe, expect, it } from 'vitest';
import { dropCrop, keepCrop, planShrinking } from './kept-crop.js';

describe('planShrinking', () => {
  it('leaves rectangles alone while they fit the budget', () => {
    expect(
      planShrinking([
        [0, 0, 1920, 1080],
        [0, 0, 500, 500],
      ]),
    ).toEqual([1, 1]);
  });

  it('halves the largest first until all fit', () => {
    expect(
      planShrinking([
        [0, 0, 3840, 2160],
        [0, 0, 500, 500],
      ]),
    ).toEqual([2, 1]);
    const crowd = Array.from({ length: 10 }, () => [0, 0, 2000, 2000] as const);
    const shrink = planShrinking(crowd);
    expect(shrink.reduce((sum, s) => sum + 3 * (2000 / s) ** 2, 0)).toBeLessThanOrEqual(12_500_000);
  });
});

describe('keepCrop', () => {
  const frame = {
    index: 0,
    seconds: 0,
    window: 0,
    width: 6,
    height: 4,
    data: Uint8Array.from({ length: 72 }, (_, i) => i),
  };

  it('copies the rectangle', () => {
    const { picture } = keepCrop(frame, [1, 1, 3, 3], 1);
    expect([...picture.data]).toEqual([21, 22, 23, 24, 25, 26, 39, 40, 41, 42, 43, 44]);
    expect(picture).toMatchObject({ x: 1, y: 1, width: 2, height: 2 });
  });

  it('takes means when shrinking, of what there is at the far edges', () => {
    const { picture } = keepCrop(frame, [0, 0, 3, 2], 2);
    expect(picture).toMatchObject({ width: 2, height: 1 });
    expect([...picture.data]).toEqual([11, 12, 13, 15, 16, 17]);
  });

  it('writes all of it, whatever its memory held before', () => {
    const { data } = keepCrop(frame, [0, 0, 6, 4], 1).picture;
    const first = keepCrop({ ...frame, data: data.map(() => 255) }, [0, 0, 6, 4], 1);
    dropCrop(first);
    const second = keepCrop(frame, [0, 0, 3, 2], 2);
    expect(second.picture.data.buffer).toBe(first.picture.data.buffer);
    expect([...second.picture.data]).toEqual([11, 12, 13, 15, 16, 17]);
  });
});
