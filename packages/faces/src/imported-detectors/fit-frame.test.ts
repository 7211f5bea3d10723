import { describe, expect, it } from 'vitest';
import { fitFrame } from './fit-frame.js';

describe('the place of a frame in what a network sees', () => {
  it.each([
    ['wide', { width: 1280, height: 720 }, { scaleX: 2, scaleY: 2 }],
    ['high', { width: 720, height: 1280 }, { scaleX: 2, scaleY: 2 }],
    ['enlarged', { width: 320, height: 320 }, { scaleX: 0.5, scaleY: 0.5 }],
    // 640 · 117 / 203 = 368.9 rows, cut to 368.
    ['uneven', { width: 203, height: 117 }, { scaleX: 203 / 640, scaleY: 117 / 368 }],
    ['a line', { width: 5000, height: 2 }, { scaleX: 5000 / 640, scaleY: 2 }],
  ])('keeps its aspect: %s', (_, frame, scales) => {
    expect(fitFrame([640, 640], 32, frame)).toEqual({ width: 640, height: 640, ...scales });
  });

  it('fits the tighter side of a size that is no square', () => {
    expect(fitFrame([384, 640], 32, { width: 1280, height: 720 })).toMatchObject({
      width: 640,
      height: 384,
      scaleY: 2,
    });
    expect(fitFrame([384, 640], 32, { width: 768, height: 768 })).toMatchObject({ scaleX: 2, scaleY: 2 });
  });

  it('natively is filled up to whole cells', () => {
    const fit = fitFrame('native', 32, { width: 1920, height: 1080 });
    expect(fit).toEqual({ width: 1920, height: 1088, scaleX: 1, scaleY: 1 });
  });
});
