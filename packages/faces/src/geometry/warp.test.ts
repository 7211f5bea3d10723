import { describe, expect, it } from 'vitest';
import { roundHalfEven } from './geometry.js';
import { type Affine, invertAffine } from './similarity.js';
import { type PlacedPicture, warpCrop } from './warp.js';
import { openWarpKernel } from './warp-kernel.js';

function noise(width: number, height: number, x = 0, y = 0): PlacedPicture {
  let random = width * 31 + height;
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < data.length; i++) {
    random = (Math.imul(random, 1103515245) + 12345) & 0x7fffffff;
    data[i] = random >> 16;
  }
  return { x, y, width, height, data };
}

/** A turn and a scale about the middle of the picture, which comes to lie in the middle of the crop. */
function turned({ x, y, width, height }: PlacedPicture, scale: number, angle: number): Affine {
  const [cos, sin] = [Math.cos(angle) * scale, Math.sin(angle) * scale];
  const [u, v] = [x + width / 2, y + height / 2];
  return [cos, -sin, 128 - cos * u + sin * v, sin, cos, 128 - sin * u - cos * v];
}

/** One value by the definition: four neighbours, black outside, weights of 1/32 pixel. */
function valueAt(picture: PlacedPicture, transform: Affine, x: number, y: number, channel: number): number {
  const [a, b, c, d, e, f] = invertAffine(transform);
  const u = (roundHalfEven((b * y + c) * 1024) + 16 + roundHalfEven(a * x * 1024)) >> 5;
  const v = (roundHalfEven((e * y + f) * 1024) + 16 + roundHalfEven(d * x * 1024)) >> 5;
  const pixel = (column: number, row: number): number => {
    const [left, top] = [column - picture.x, row - picture.y];
    const isInside = left >= 0 && top >= 0 && left < picture.width && top < picture.height;
    return isInside ? Number(picture.data[(top * picture.width + left) * 3 + channel]) : 0;
  };
  const [column, row, right, below] = [u >> 5, v >> 5, u & 31, v & 31];
  const upper = (32 - right) * pixel(column, row) + right * pixel(column + 1, row);
  const lower = (32 - right) * pixel(column, row + 1) + right * pixel(column + 1, row + 1);
  return ((32 - below) * upper + below * lower + 512) >> 10;
}

describe('warpCrop', () => {
  it.each([
    ['inside', noise(300, 260, 17, 5), 1.6, 0.3],
    ['across the edges', noise(130, 170, -9, 40), 1.3, -0.7],
    ['shrunk, much of it outside', noise(301, 90), 0.5, 2.9],
    ['larger than the kernel takes', noise(1300, 1100), 0.9, 0.05],
    ['of one pixel', noise(1, 1), 90, 0],
  ] as const)('gives the values of the definition: a picture %s', (_what, picture, scale, angle) => {
    const transform = turned(picture, scale, angle);
    const out = new Uint8Array(256 * 256 * 3).fill(9);
    warpCrop(picture, transform, out);
    const wrong: string[] = [];
    for (let y = 0; y < 256; y++)
      for (let x = y % 3; x < 256; x += 3)
        for (let channel = 0; channel < 3; channel++) {
          const expected = valueAt(picture, transform, x, y, channel);
          const value = out[(y * 256 + x) * 3 + channel];
          if (value !== expected) wrong.push(`${x},${y},${channel}: ${value} instead of ${expected}`);
        }
    expect(wrong.slice(0, 5)).toEqual([]);
  });

  it('has its kernel on this processor', () => {
    expect(openWarpKernel()).not.toBeNull();
  });
});
