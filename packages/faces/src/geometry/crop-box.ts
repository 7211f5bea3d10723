import { type Box, roundHalfEven } from './geometry.js';

/** Whole pixels `[x1, y1, x2, y2]`, x2 and y2 exclusive, inside the frame. */
export type CropBox = readonly [number, number, number, number];

/** By what share of the box's size each side moves outward, as in the reference. The crop is at most twice the box. */
const MARGIN = 0.5;

/**
 * The rectangle around a face that is kept of a frame, by the rule of the reference: the box is rounded (halves to
 * even), each side moves outward by half the box's size, is clipped to the last pixel of the frame, and is rounded
 * again. A box outside the frame gives an empty rectangle; `isEmptyCrop` tells.
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
