import { rgbOf, YuvPixels } from '@styleflow/media';
import { describe, expect, it } from 'vitest';
import { rgbFrame } from '../test-frames.js';
import { dropCrop, type KeptCrop, keepCrop, planShrinking } from './kept-crop.js';

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

/** The RGB of a kept crop. */
function seen({ pixels, width, height }: KeptCrop): number[] {
  const out = new Uint8Array(3 * width * height);
  pixels.copy({ left: 0, top: 0, width, height }, out);
  return [...out];
}

describe('keepCrop', () => {
  const place = { index: 0, seconds: 0, window: 0, width: 6, height: 4 };
  const frame = rgbFrame(
    place,
    Uint8Array.from({ length: 72 }, (_, i) => i),
  );

  it('copies the rectangle', () => {
    const crop = keepCrop(frame, [1, 1, 3, 3], 1);
    expect(seen(crop)).toEqual([21, 22, 23, 24, 25, 26, 39, 40, 41, 42, 43, 44]);
    expect(crop).toMatchObject({ width: 2, height: 2 });
  });

  it('takes means when shrinking, of what there is at the far edges', () => {
    const crop = keepCrop(frame, [0, 0, 3, 2], 2);
    expect(crop).toMatchObject({ width: 2, height: 1 });
    expect(seen(crop)).toEqual([11, 12, 13, 15, 16, 17]);
  });

  it('writes all of it, whatever its memory held before', () => {
    const first = keepCrop(rgbFrame(place, new Uint8Array(72).fill(255)), [0, 0, 6, 4], 1);
    dropCrop(first);
    const second = keepCrop(frame, [0, 0, 3, 2], 2);
    expect(second.memory.buffer).toBe(first.memory.buffer);
    expect(seen(second)).toEqual([11, 12, 13, 15, 16, 17]);
  });

  it('keeps what is not RGB as it is, in half of the bytes, and its colours are those of the frame', () => {
    const data = Uint8Array.from({ length: 36 }, (_, i) => (i * 7) % 256);
    const pixels = new YuvPixels({ width: 6, height: 4, data }, { matrix: 'bt709', isFullRange: false });
    const crop = keepCrop({ ...place, pixels }, [1, 1, 5, 3], 1);
    expect(crop.memory.length).toBeLessThan(3 * 4 * 4);
    const whole = rgbOf({ ...place, pixels });
    expect(seen(crop)).toEqual([...whole.subarray(21, 33), ...whole.subarray(39, 51)]);
  });
});
