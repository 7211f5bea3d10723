import { type Frame, SpareMemory } from '@styleflow/media';
import type { CropBox } from '../geometry/crop-box.js';
import type { PlacedPicture } from '../geometry/warp.js';

/**
 * Most bytes that are kept of one frame, for all faces together. A track keeps at most 40 frames, a clip and a gap, so
 * all tracks together hold at most 500 MB. A whole frame of 1920 × 1080 has 6.2 MB, so only several large faces in a
 * video of more than 1440 rows reach this limit.
 */
const MAX_BYTES_PER_FRAME = 12_500_000;
/** As many rectangles as a clip of a middling face frees at once. */
const memory = new SpareMemory(24_000_000);

/**
 * A face's rectangle, copied out of a frame. Each of its pixels is the mean of `shrink` × `shrink` pixels of the frame.
 */
export interface KeptCrop {
  readonly box: CropBox;
  readonly shrink: number;
  readonly picture: PlacedPicture;
}

/**
 * How much each rectangle must shrink so that all of them fit into the budget: the largest one is halved, again and
 * again, until they do.
 * @returns one factor for each box: 1, 2, 4, …
 */
export function planShrinking(boxes: readonly CropBox[], budget: number = MAX_BYTES_PER_FRAME): number[] {
  const shrink = boxes.map(() => 1);
  const bytes = (i: number) => 3 * shrunkSize(boxes[i] as CropBox, shrink[i] as number).pixels;
  const indices = [...boxes.keys()];
  while (indices.reduce((sum, i) => sum + bytes(i), 0) > budget) {
    const largest = indices.reduce((best, i) => (bytes(i) > bytes(best) ? i : best), 0);
    shrink[largest] = (shrink[largest] as number) * 2;
  }
  return shrink;
}

function shrunkSize([x1, y1, x2, y2]: CropBox, shrink: number): { width: number; height: number; pixels: number } {
  const width = Math.ceil((x2 - x1) / shrink);
  const height = Math.ceil((y2 - y1) / shrink);
  return { width, height, pixels: width * height };
}

/** Copies a rectangle out of a frame, whose own memory is about to be overwritten. `dropCrop` frees it. */
export function keepCrop(frame: Frame, box: CropBox, shrink: number): KeptCrop {
  const { width, height } = shrunkSize(box, shrink);
  const data = memory.take(width * height * 3);
  const [x1, y1, x2, y2] = box;
  for (let row = 0; row < height; row++) {
    if (shrink === 1) {
      const from = ((y1 + row) * frame.width + x1) * 3;
      data.set(frame.data.subarray(from, from + width * 3), row * width * 3);
      continue;
    }
    const top = y1 + row * shrink;
    const bottom = Math.min(top + shrink, y2);
    for (let column = 0; column < width; column++) {
      const left = x1 + column * shrink;
      const cell = [left, top, Math.min(left + shrink, x2), bottom] as const;
      meanColour(frame, cell, data, (row * width + column) * 3);
    }
  }
  return { box, shrink, picture: { x: x1, y: y1, width, height, data } };
}

/** Nobody looks at its pixels any more: later ones take their place. */
export function dropCrop({ picture }: KeptCrop): void {
  memory.give(picture.data);
}

/** Writes the mean colour of a cell of the frame to `out`, as three bytes from `to` on. */
function meanColour(frame: Frame, [left, top, right, bottom]: CropBox, out: Uint8Array, to: number): void {
  const count = (right - left) * (bottom - top);
  let red = 0;
  let green = 0;
  let blue = 0;
  for (let y = top; y < bottom; y++) {
    const end = (y * frame.width + right) * 3;
    for (let at = (y * frame.width + left) * 3; at < end; at += 3) {
      red += frame.data[at] as number;
      green += frame.data[at + 1] as number;
      blue += frame.data[at + 2] as number;
    }
  }
  out[to] = Math.round(red / count);
  out[to + 1] = Math.round(green / count);
  out[to + 2] = Math.round(blue / count);
}
