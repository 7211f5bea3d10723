import { SpareMemory } from '@styleflow/media';
import type { Landmarks, Point } from '../geometry/geometry.js';
import { type Affine, CROP_SIZE, fitSimilarity } from '../geometry/similarity.js';
import { warpCrop } from '../geometry/warp.js';
import { CLIP_FRAMES } from './face-clip.js';
import type { KeptCrop } from './kept-crop.js';
import { readCrop } from './read-crop.js';

export const CROP_BYTES = CROP_SIZE * CROP_SIZE * 3;
export const CLIP_BYTES = CLIP_FRAMES * CROP_BYTES;
/** As many as are encoded at once. */
const memory = new SpareMemory(2 * CLIP_BYTES);

/** One frame of a track as alignment needs it. */
export interface AlignInput {
  readonly crop: KeptCrop;
  readonly landmarks: Landmarks;
}

/**
 * Aligns the frames of one clip: one similarity is fitted to the points of all frames, and each frame is warped by it
 * to 256 × 256. Pixels outside a frame's own crop rectangle are black. Fewer than 32 frames are mirrored: played
 * forward, then backward without repeating the ends, and so on. Coordinates count from the corner of the union of all
 * rectangles, as in the reference, so that they are rounded as there.
 * @param onWarp called for each crop that is warped.
 * @returns RGB `[32, 256, 256, 3]`, in memory of its own until it is given back.
 */
export function alignClip(frames: readonly AlignInput[], onWarp: () => void = () => {}): Uint8Array<ArrayBuffer> {
  const { transform, originX, originY } = fitClip(frames);
  const crops = memory.take(CLIP_BYTES);
  for (const [i, { crop }] of frames.entries()) {
    const out = crops.subarray(i * CROP_BYTES, (i + 1) * CROP_BYTES);
    const [map, x, y] = place(crop, transform, originX, originY);
    warpCrop(readCrop(crop, map, x, y), map, out);
    onWarp();
  }
  for (let i = frames.length; i < CLIP_FRAMES; i++) {
    const source = mirrorIndex(i, frames.length);
    crops.copyWithin(i * CROP_BYTES, source * CROP_BYTES, (source + 1) * CROP_BYTES);
  }
  return crops;
}

/** The memory of a clip's crops, which nobody looks at any more, becomes that of a later clip. Who keeps crops does not call this. */
export function giveCropsBack(crops: Uint8Array): void {
  memory.give(crops);
}

/** Where the alignment of a clip puts each frame's points, in pixels of the crop. */
export function cropPoints(frames: readonly AlignInput[]): Landmarks[] {
  const { transform, originX, originY } = fitClip(frames);
  const [a, b, c, d, e, f] = transform;
  const map = ([x, y]: Point): Point => [
    a * (x - originX) + b * (y - originY) + c,
    d * (x - originX) + e * (y - originY) + f,
  ];
  return frames.map(({ landmarks: [p, q, r, s, t] }) => [map(p), map(q), map(r), map(s), map(t)]);
}

/** The similarity of a clip; it maps coordinates that count from the corner of the union of all rectangles. */
function fitClip(frames: readonly AlignInput[]): { transform: Affine; originX: number; originY: number } {
  const originX = Math.min(...frames.map(({ crop }) => crop.box[0]));
  const originY = Math.min(...frames.map(({ crop }) => crop.box[1]));
  const shift = ([x, y]: Point): Point => [x - originX, y - originY];
  const transform = fitSimilarity(
    frames.map(({ landmarks: [a, b, c, d, e] }) => [shift(a), shift(b), shift(c), shift(d), shift(e)]),
  );
  return { transform, originX, originY };
}

/** The number at position `i` of the sequence 0 1 … n−1 n−2 … 1 0 1 …, where n is `length`. */
export function mirrorIndex(i: number, length: number): number {
  if (length === 1) return 0;
  const period = 2 * (length - 1);
  const place = i % period;
  return place < length ? place : period - place;
}

/**
 * The map that warps a crop, and where the crop lies in its coordinates. Each pixel of a shrunken crop stands for `shrink` × `shrink`
 * pixels of the frame and lies in their middle, so its map scales by `shrink` and starts at the middle of the first
 * such square.
 */
function place(
  crop: KeptCrop,
  transform: Affine,
  originX: number,
  originY: number,
): [map: Affine, x: number, y: number] {
  const x = crop.box[0] - originX;
  const y = crop.box[1] - originY;
  if (crop.shrink === 1) return [transform, x, y];
  const [a, b, c, d, e, f] = transform;
  const s = crop.shrink;
  const centreX = x + (s - 1) / 2;
  const centreY = y + (s - 1) / 2;
  const map: Affine = [a * s, b * s, a * centreX + b * centreY + c, d * s, e * s, d * centreX + e * centreY + f];
  return [map, 0, 0];
}
