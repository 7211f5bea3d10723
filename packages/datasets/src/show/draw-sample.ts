import { CLIP_SIZE } from '@styleflow/contracts';
import { rgbPng } from './rgb-png.js';

/** Every second pixel each way. */
const SHRINK = 2;
const SIDE = CLIP_SIZE / SHRINK;
/** Of the 32 crops. */
const SHOWN = [0, 8, 16, 24, 31] as const;

export const SAMPLE_WIDTH = SIDE * SHOWN.length;
export const SAMPLE_HEIGHT = SIDE;

const MEASURED = [64, 255, 64] as const;
const INTERPOLATED = [255, 160, 0] as const;

/**
 * Five crops of a clip side by side as a PNG, with the points of the face: green where they were measured, orange where interpolated.
 * @param clip RGB [32, 256, 256, 3].
 */
export function drawSample(
  clip: Uint8Array,
  {
    points,
    measured,
  }: { readonly points: readonly (readonly (readonly number[])[])[]; readonly measured: readonly boolean[] },
): Promise<Buffer> {
  const out = new Uint8Array(SAMPLE_WIDTH * SIDE * 3);
  const put = (x: number, y: number, [r, g, b]: readonly [number, number, number]): void => {
    const at = 3 * (y * SAMPLE_WIDTH + x);
    out[at] = r;
    out[at + 1] = g;
    out[at + 2] = b;
  };
  for (const [place, frame] of SHOWN.entries()) {
    for (let y = 0; y < SIDE; y++) for (let x = 0; x < SIDE; x++) put(place * SIDE + x, y, meanOf(clip, frame, x, y));
    const colour = measured[frame] === true ? MEASURED : INTERPOLATED;
    for (const [px = -1, py = -1] of points[frame] ?? []) {
      const [x, y] = [Math.round(px / SHRINK), Math.round(py / SHRINK)];
      for (const [dx, dy] of [
        [0, 0],
        [1, 0],
        [-1, 0],
        [0, 1],
        [0, -1],
      ] as const) {
        if (x + dx >= 0 && x + dx < SIDE && y + dy >= 0 && y + dy < SIDE) put(place * SIDE + x + dx, y + dy, colour);
      }
    }
  }
  return rgbPng(SAMPLE_WIDTH, SIDE, out);
}

function meanOf(clip: Uint8Array, frame: number, x: number, y: number): [number, number, number] {
  const sum: [number, number, number] = [0, 0, 0];
  for (let dy = 0; dy < SHRINK; dy++)
    for (let dx = 0; dx < SHRINK; dx++) {
      const at = 3 * ((frame * CLIP_SIZE + y * SHRINK + dy) * CLIP_SIZE + x * SHRINK + dx);
      for (const colour of [0, 1, 2] as const) sum[colour] += clip[at + colour] as number;
    }
  return [sum[0] / SHRINK ** 2, sum[1] / SHRINK ** 2, sum[2] / SHRINK ** 2];
}
