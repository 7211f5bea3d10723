import { expect, it } from 'vitest';
import { CLIP_BYTES } from './align-clip.js';
import { shrinkCrops, THUMB_SIZE } from './shrink-crops.js';

const SIDE = 256;
const THUMB_BYTES = 32 * THUMB_SIZE * THUMB_SIZE * 3;

/** The mean of what a small pixel covers, by the definition: how much of each of the crop's pixels lies within it. */
function meanAt(crops: Uint8Array, picture: number, row: number, column: number, colour: number): number {
  const step = SIDE / THUMB_SIZE;
  const within = (small: number, large: number): number =>
    Math.max(0, Math.min((small + 1) * step, large + 1) - Math.max(small * step, large));
  let sum = 0;
  for (let y = Math.floor(row * step); y < Math.min(SIDE, (row + 1) * step); y++)
    for (let x = Math.floor(column * step); x < Math.min(SIDE, (column + 1) * step); x++)
      sum += within(row, y) * within(column, x) * Number(crops[((picture * SIDE + y) * SIDE + x) * 3 + colour]);
  return sum / step ** 2;
}

it('makes each small pixel the mean of what it covers, wherever the crops lie in memory', () => {
  let random = 1;
  const crops = new Uint8Array(CLIP_BYTES + 1).subarray(1);
  for (let i = 0; i < crops.length; i++) {
    random = (Math.imul(random, 1103515245) + 12345) & 0x7fffffff;
    crops[i] = random >> 16;
  }
  const small = new Uint8Array(THUMB_BYTES).fill(1);
  shrinkCrops(crops, small);
  for (const picture of [0, 1, 31])
    for (const row of [0, 1, 10, 11, 57, 87])
      for (const column of [0, 3, 10, 11, 44, 87])
        for (const colour of [0, 1, 2]) {
          const at = ((picture * THUMB_SIZE + row) * THUMB_SIZE + column) * 3 + colour;
          expect(small[at]).toBe(Math.floor(meanAt(crops, picture, row, column, colour) + 0.5 + 1e-9));
        }
});

it('leaves black and white as they are', () => {
  const small = new Uint8Array(THUMB_BYTES);
  for (const value of [255, 0]) {
    shrinkCrops(new Uint8Array(CLIP_BYTES).fill(value), small);
    expect(small.every((one) => one === value)).toBe(true);
  }
});
