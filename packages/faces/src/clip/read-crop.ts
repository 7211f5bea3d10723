import type { PixelPart } from '@styleflow/media';
import { type Affine, CROP_SIZE, invertAffine } from '../geometry/similarity.js';
import type { PlacedPicture } from '../geometry/warp.js';
import type { KeptCrop } from './kept-crop.js';

/** Pixels around what is warped, for its neighbours and for what is rounded. */
const MARGIN = 3;

/**
 * The RGB of what a map shows of a kept crop, and no more.
 * @param map coordinates → crop of 256 × 256.
 * @param x where the kept crop lies in these coordinates, as `y`.
 * @returns it stays until the next crop is read.
 */
export function readCrop(crop: KeptCrop, map: Affine, x: number, y: number): PlacedPicture {
  const part = partShown(crop, map, x, y);
  const bytes = 3 * part.width * part.height;
  if (scratch.length < bytes) scratch = new Uint8Array(bytes);
  const data = scratch.subarray(0, bytes);
  crop.pixels.copy(part, data);
  return { x: x + part.left, y: y + part.top, width: part.width, height: part.height, data };
}

let scratch = new Uint8Array(0);

/** At least one pixel, even when the map shows nothing of it. */
function partShown({ width, height }: KeptCrop, map: Affine, x: number, y: number): PixelPart {
  const [a, b, c, d, e, f] = invertAffine(map);
  const last = CROP_SIZE - 1;
  const within = (corners: readonly number[], side: number): [first: number, end: number] => {
    const first = Math.floor(Math.min(...corners)) - MARGIN;
    const end = Math.ceil(Math.max(...corners)) + MARGIN;
    if (!Number.isFinite(first + end)) return [0, side];
    const from = Math.min(Math.max(first, 0), side - 1);
    return [from, Math.min(Math.max(end, from + 1), side)];
  };
  const [left, right] = within([c - x, a * last + c - x, b * last + c - x, (a + b) * last + c - x], width);
  const [top, bottom] = within([f - y, d * last + f - y, e * last + f - y, (d + e) * last + f - y], height);
  return { left, top, width: right - left, height: bottom - top };
}
