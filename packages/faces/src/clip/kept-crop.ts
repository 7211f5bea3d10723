import { type Frame, type FramePixels, type PixelPart, RgbPixels, SpareMemory } from '@styleflow/media';
import type { CropBox } from '../geometry/crop-box.js';

/**
 * Most bytes that would be kept of one frame, for all faces together, as RGB; most are kept in half of it. A track keeps at most 40
 * frames, a clip and a gap, so all tracks together hold at most 500 MB, and mostly 250. A whole frame of 1920 × 1080 has 6.2 MB, so only
 * several large faces in a video of more than 1440 rows reach this limit.
 */
const MAX_BYTES_PER_FRAME = 12_500_000;
/** Beside them, most bytes that have been freed and wait for the video's next clips. */
const MAX_SPARE_BYTES = 130_000_000;
/** What the clips of a video free becomes that of its next ones: fresh memory of this size costs more than what is written into it. */
const memory = new SpareMemory(MAX_SPARE_BYTES);

/**
 * A face's rectangle, copied out of a frame. Each of its pixels is the mean of `shrink` × `shrink` pixels of the frame.
 */
export interface KeptCrop {
  readonly box: CropBox;
  readonly shrink: number;
  readonly width: number;
  readonly height: number;
  /** As the frame's were kept; of a shrunken one RGB. */
  readonly pixels: FramePixels;
  /** In which they lie. */
  readonly memory: Uint8Array;
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
  const place = { box, shrink, width, height };
  const [x1, y1, x2, y2] = box;
  let kept = new Uint8Array();
  const take = (bytes: number): Uint8Array => {
    kept = memory.take(bytes);
    return kept;
  };
  if (shrink === 1) {
    const pixels = frame.pixels.crop({ left: x1, top: y1, width, height }, take);
    return { ...place, pixels, memory: kept };
  }
  const data = take(width * height * 3);
  for (let row = 0; row < height; row++) {
    const top = y1 + row * shrink;
    const lines = { left: x1, top, width: x2 - x1, height: Math.min(shrink, y2 - top) };
    const rgb = new Uint8Array(3 * lines.width * lines.height);
    frame.pixels.copy(lines, rgb);
    shrinkLines(rgb, lines, shrink, data.subarray(row * width * 3, (row + 1) * width * 3));
  }
  return { ...place, pixels: new RgbPixels(width, data), memory: data };
}

/** Lets the memory of a video's crops go, which another one may not need. */
export function clearKeptCrops(): void {
  memory.clear();
}

/** Nobody looks at its pixels any more: later ones take their place. */
export function dropCrop(crop: KeptCrop): void {
  memory.give(crop.memory);
}

/** Writes one line: of each cell of `shrink` pixels of all these lines, or of those that are left at the right, its mean colour. */
function shrinkLines(rgb: Uint8Array, { width, height }: PixelPart, shrink: number, out: Uint8Array): void {
  for (let left = 0, to = 0; left < width; left += shrink, to += 3) {
    const cellWidth = Math.min(shrink, width - left);
    let red = 0;
    let green = 0;
    let blue = 0;
    for (let y = 0; y < height; y++) {
      const from = (y * width + left) * 3;
      for (let at = from; at < from + 3 * cellWidth; at += 3) {
        red += rgb[at] as number;
        green += rgb[at + 1] as number;
        blue += rgb[at + 2] as number;
      }
    }
    const count = cellWidth * height;
    out[to] = Math.round(red / count);
    out[to + 1] = Math.round(green / count);
    out[to + 2] = Math.round(blue / count);
  }
}
