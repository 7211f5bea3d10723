import type { PixelPart } from './frame-pixels.js';

/** A picture in YUV 4:2:0 of 8 bits: its planes one after the other. Two by two pixels have one U and one V. */
export interface YuvPlanes {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** Bytes of a picture in YUV 4:2:0. */
export function yuvBytes(width: number, height: number): number {
  return width * height + 2 * half(width) * half(height);
}

/** Where the rows of U and V begin that belong to a row of pixels. */
export function colourRows({ width, height }: YuvPlanes, line: number): [u: number, v: number] {
  const rowBytes = half(width);
  const u = width * height + (line >> 1) * rowBytes;
  return [u, u + rowBytes * half(height)];
}

/** Half of a side, rounded up: an odd side's last pixel has its own U and V. */
export function half(side: number): number {
  return (side + 1) >> 1;
}

/** The smallest part with this one in it that begins at an even pixel of an even row, where a U and a V begin. */
export function evenPart({ left, top, width, height }: PixelPart): PixelPart {
  const [fromLeft, fromTop] = [left & ~1, top & ~1];
  return { left: fromLeft, top: fromTop, width: left + width - fromLeft, height: top + height - fromTop };
}
