import { createHash } from 'node:crypto';
import { inflateSync } from 'node:zlib';
import { RgbPixels } from '@styleflow/media';
import { describe, expect, it } from 'vitest';
import { cropBox } from '../geometry/crop-box.js';
import type { Box, Landmarks, Point } from '../geometry/geometry.js';
import { fitSimilarity } from '../geometry/similarity.js';
import { readAlignmentFixture, single } from '../test-faces.js';
import { type AlignInput, alignClip, CROP_BYTES, mirrorIndex } from './align-clip.js';

const fixture = readAlignmentFixture();

function shifted(points: Landmarks, [x, y]: Point): Landmarks {
  const shift = ([u, v]: Point): Point => [u - x, v - y];
  const [a, b, c, d, e] = single(points);
  return [shift(a), shift(b), shift(c), shift(d), shift(e)];
}

describe('cropBox', () => {
  it('gives the reference rectangles, halves rounded to even and clipped', () => {
    expect(fixture.cropBoxes).toHaveLength(60);
    for (const [width, height, box, expected] of fixture.cropBoxes)
      expect(cropBox(box, width, height)).toEqual(expected);
  });
});

describe('fitSimilarity', () => {
  it('fits the way back as the reference does (tolerance 1e-9)', () => {
    for (const { points, origin, transform } of fixture.similarities) {
      const fitted = fitSimilarity(points.map((face) => shifted(face, origin)));
      for (const [i, value] of fitted.entries())
        expect(Math.abs(value - (transform[i] ?? Number.NaN))).toBeLessThan(1e-9);
    }
  });
});

describe('alignClip', () => {
  /** Frames whose pixels the fixture leaves out only lend their points and rectangles. */
  const frames: AlignInput[] = fixture.detections.map(({ box, landmarks }, i) => {
    const crop = cropBox(box.map(Math.fround) as unknown as Box, fixture.frameWidth, fixture.frameHeight);
    const [x1, y1, x2, y2] = crop;
    const stored = fixture.pictures.find(({ frame }) => frame === i);
    const data = stored
      ? inflateSync(Buffer.from(stored.rgbDeflated, 'base64'))
      : new Uint8Array((x2 - x1) * (y2 - y1) * 3);
    const [width, height] = [x2 - x1, y2 - y1];
    const kept = { box: crop, shrink: 1, width, height, pixels: new RgbPixels(width, data), memory: data };
    return { crop: kept, landmarks: single(landmarks) };
  });

  it('equals the reference in every value of the aligned crop', () => {
    const crops = alignClip(frames);
    expect(fixture.pictures.map(({ frame }) => frame)).toEqual([0, 31]);
    for (const { frame, alignedSha256 } of fixture.pictures) {
      const crop = crops.subarray(frame * CROP_BYTES, (frame + 1) * CROP_BYTES);
      expect(createHash('sha256').update(crop).digest('hex')).toBe(alignedSha256);
    }
  });

  it('mirrors a short track to 32 frames without doubling its ends', () => {
    expect(Array.from({ length: 32 }, (_, i) => mirrorIndex(i, 16))).toEqual([
      ...Array.from({ length: 16 }, (_, i) => i),
      ...Array.from({ length: 14 }, (_, i) => 14 - i),
      0,
      1,
    ]);
    const crops = alignClip(frames.slice(0, 20));
    const crop = (i: number) => Buffer.from(crops.subarray(i * CROP_BYTES, (i + 1) * CROP_BYTES));
    expect(crop(20).equals(crop(18))).toBe(true);
    expect(crop(31).equals(crop(7))).toBe(true);
  });

  it('places a shrunken crop where the whole one would lie', () => {
    const size = 640;
    const box = [100, 60, 100 + size, 60 + size] as const;
    // Eyes 120 apart: the aligned crop lies wholly inside the rectangle.
    const landmarks: Landmarks = [
      [360, 310],
      [480, 310],
      [420, 385],
      [367, 440],
      [473, 440],
    ];
    // A slow ramp: its mean over a cell is its value at the cell's centre.
    const ramp = (side: number, step: number) =>
      Uint8Array.from({ length: side * side * 3 }, (_, i) => {
        const pixel = Math.floor(i / 3);
        return Math.round(
          (((pixel % side) + 0.5) * step * 100) / size + ((Math.floor(pixel / side) + 0.5) * step * 100) / size,
        );
      });
    const kept = (side: number, shrink: number) => {
      const data = ramp(side, shrink);
      return { box, shrink, width: side, height: side, pixels: new RgbPixels(side, data), memory: data };
    };
    const [whole, halved] = [kept(size, 1), kept(size / 2, 2)];
    const one = alignClip([{ crop: whole, landmarks }]).subarray(0, CROP_BYTES);
    const two = alignClip([{ crop: halved, landmarks }]).subarray(0, CROP_BYTES);
    expect(Math.min(...one.subarray(0, 3), ...two.subarray(0, 3))).toBeGreaterThan(0);
    let largest = 0;
    for (let i = 0; i < CROP_BYTES; i++) largest = Math.max(largest, Math.abs((one[i] ?? 0) - (two[i] ?? 0)));
    expect(largest).toBeLessThanOrEqual(2);
  });
});
