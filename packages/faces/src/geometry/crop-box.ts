import { type Box, roundHalfEven } from './geometry.js';

/** Whole pixels `[x1, y1, x2, y2]`, x2 and y2 exclusive, inside the frame. */
export type CropBox = readonly [number, number, number, number];

/** How far each side moves out, in sizes of the box: the crop is at most twice the box. Value of the reference. */
const MARGIN = 0.5;

/**
 * The rectangle around a face that is kept of a frame. Rule of the reference: the box rounded (halves to even), each side
 * moved out by half the size, clipped to the last pixel of the frame, rounded again.
 * A box outside the frame gives an empty rectangle: ask `isEmptyCrop`.
 */
export function cropBox(box: Box, frameWidth: number, frameHeight: number): CropBox {
  const [x1, y1, x2, y2] = box.map(roundHalfEven) as [number, number, number, number];
  const dx = MARGIN * (x2 - x1);
  const dy = MARGIN * (y2 - y1);
  const clip = (value: number, last: number) => roundHalfEven(Math.min(Math.max(value, 0), last));
  return [
    clip(x1 - dx, frameWidth - 1),
    clip(y1 - dy, frameHeight - 1),
    clip(x2 + dx, frameWidth - 1),
    clip(y2 + dy, frameHeight - 1),
  ];
}

export function isEmptyCrop([x1, y1, x2, y2]: CropBox): boolean {
  return x2 <= x1 || y2 <= y1;
}
