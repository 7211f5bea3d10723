import { RgbPixels } from '@styleflow/media';
import { expect, it } from 'vitest';
import { type Affine, CROP_SIZE } from '../geometry/similarity.js';
import { warpCrop } from '../geometry/warp.js';
import { readCrop } from './read-crop.js';

const [WIDTH, HEIGHT] = [300, 220];
const data = Uint8Array.from({ length: 3 * WIDTH * HEIGHT }, (_, i) => (i * 31 + (i >> 7) * 17) & 255);
const crop = {
  ...{ box: [40, 60, 40 + WIDTH, 60 + HEIGHT] as const, shrink: 1, width: WIDTH, height: HEIGHT },
  ...{ pixels: new RgbPixels(WIDTH, data), memory: data },
};

/** Turned and scaled about a point, which comes to lie in the middle of the crop. */
function map(scale: number, angle: number, u: number, v: number): Affine {
  const [cos, sin] = [Math.cos(angle) * scale, Math.sin(angle) * scale];
  const middle = CROP_SIZE / 2;
  return [cos, -sin, middle - cos * u + sin * v, sin, cos, middle - sin * u - cos * v];
}

it.each([
  ['inside', map(2, 0.3, 190, 170)],
  ['larger than it', map(0.5, -0.4, 190, 170)],
  ['across an edge', map(1.4, 0.1, 60, 70)],
  ['across a corner, turned by half', map(3, 3.1, 335, 275)],
  ['beside it', map(1, 0, 900, 900)],
  ['of one point', [0, 0, 128, 0, 0, 128] as Affine],
])('what a map shows of a crop is all that warping it needs: %s', (_, transform) => {
  const [x, y] = [40, 60];
  const [whole, part] = [new Uint8Array(CROP_SIZE ** 2 * 3), new Uint8Array(CROP_SIZE ** 2 * 3)];
  warpCrop({ x, y, width: WIDTH, height: HEIGHT, data }, transform, whole);
  warpCrop(readCrop(crop, transform, x, y), transform, part);
  expect(Buffer.from(part).equals(whole)).toBe(true);
});

it('no more is read than that', () => {
  const { width, height } = readCrop(crop, map(4, 0, 190, 170), 40, 60);
  expect(width * height).toBeLessThan((CROP_SIZE / 4 + 8) ** 2);
});
