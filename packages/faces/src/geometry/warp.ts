import { roundHalfEven } from './geometry.js';
import { type Affine, CROP_SIZE, invertAffine } from './similarity.js';
import { fitsKernel, openWarpKernel, type WarpTables } from './warp-kernel.js';

/** A rectangle of RGB pixels and where its upper left corner lies in the coordinates of the transform. */
export interface PlacedPicture {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** The fixed-point arithmetic: coordinates are tabled in 1/1024 pixel, bilinear weights go in steps of 1/32 pixel. */
const TABLE_SCALE = 1024;
const ROUND_TO_32ND = 16;
const FRACTIONS = 32;

/**
 * Warps one picture to a 256 × 256 crop, bilinearly and in fixed point. The result equals that of OpenCV 4.6's
 * `warpAffine` on 8-bit pictures with a black border, bit for bit: the x and the y part of a coordinate are each
 * rounded to 1/1024 pixel, added, and rounded to 1/32; the four weights add up to 2^15.
 * @param transform picture → crop; inverted here in double precision.
 * @param out 256·256·3 bytes, written in full.
 */
export function warpCrop(picture: PlacedPicture, transform: Affine, out: Uint8Array): void {
  const [a, b, c, d, e, f] = invertAffine(transform);
  const { alongU, alongV, rowU, rowV } = tables;
  for (let i = 0; i < CROP_SIZE; i++) {
    alongU[i] = roundHalfEven(a * i * TABLE_SCALE);
    alongV[i] = roundHalfEven(d * i * TABLE_SCALE);
    rowU[i] = roundHalfEven((b * i + c) * TABLE_SCALE) + ROUND_TO_32ND;
    rowV[i] = roundHalfEven((e * i + f) * TABLE_SCALE) + ROUND_TO_32ND;
  }
  for (let row = 0; row < CROP_SIZE; ) {
    const first = row;
    while (row < CROP_SIZE && isRowInside(picture, row)) row++;
    if (row > first) warpRowsInside(picture, [first, row], out);
    else warpAcrossEdge(picture, row++, out);
  }
}

/** Of the crop that is being warped. */
const tables: WarpTables = {
  alongU: new Int32Array(CROP_SIZE),
  alongV: new Int32Array(CROP_SIZE),
  rowU: new Int32Array(CROP_SIZE),
  rowV: new Int32Array(CROP_SIZE),
};
const kernel = openWarpKernel();

/** Along a row both coordinates only grow or only fall: a row whose ends lie inside the picture lies inside as a whole. */
function isRowInside(picture: PlacedPicture, row: number): boolean {
  const { alongU, alongV, rowU, rowV } = tables;
  const isInside = (end: number): boolean => {
    const column = (((rowU[row] as number) + (alongU[end] as number)) >> 10) - picture.x;
    const line = (((rowV[row] as number) + (alongV[end] as number)) >> 10) - picture.y;
    return column >= 0 && line >= 0 && column + 1 < picture.width && line + 1 < picture.height;
  };
  return isInside(0) && isInside(CROP_SIZE - 1);
}

function warpRowsInside(picture: PlacedPicture, rows: readonly [number, number], out: Uint8Array): void {
  if (kernel && fitsKernel(picture)) kernel(picture, tables, rows, out);
  else for (let row = rows[0]; row < rows[1]; row++) warpInside(picture, row, out);
}

/** One row, part of which may lie outside the picture: black there. */
function warpAcrossEdge(picture: PlacedPicture, line: number, out: Uint8Array): void {
  const { alongU, alongV } = tables;
  const { data, width, height } = picture;
  const [rowU, rowV] = [tables.rowU[line] as number, tables.rowV[line] as number];
  let to = line * CROP_SIZE * 3;
  for (let x = 0; x < CROP_SIZE; x++, to += 3) {
    const u = (rowU + (alongU[x] as number)) >> 5;
    const v = (rowV + (alongV[x] as number)) >> 5;
    const column = (u >> 5) - picture.x;
    const row = (v >> 5) - picture.y;
    if (column < -1 || row < -1 || column >= width || row >= height) {
      out[to] = 0;
      out[to + 1] = 0;
      out[to + 2] = 0;
      continue;
    }
    const right = u & (FRACTIONS - 1);
    const below = v & (FRACTIONS - 1);
    const hasLeft = column >= 0;
    const hasRight = column + 1 < width;
    const hasTop = row >= 0;
    const hasBottom = row + 1 < height;
    const w00 = hasLeft && hasTop ? (FRACTIONS - right) * (FRACTIONS - below) : 0;
    const w10 = hasRight && hasTop ? right * (FRACTIONS - below) : 0;
    const w01 = hasLeft && hasBottom ? (FRACTIONS - right) * below : 0;
    const w11 = hasRight && hasBottom ? right * below : 0;
    // A read outside the picture gives undefined: `| 0` makes it a number, and its weight is 0.
    const at = (row * width + column) * 3;
    const under = at + width * 3;
    for (let channel = 0; channel < 3; channel++) {
      const sum =
        w00 * ((data[at + channel] as number) | 0) +
        w10 * ((data[at + 3 + channel] as number) | 0) +
        w01 * ((data[under + channel] as number) | 0) +
        w11 * ((data[under + 3 + channel] as number) | 0);
      // The weights add up to 2^10 here and to 2^15 in OpenCV, which multiplies each by 32: both round the same.
      out[to + channel] = (sum + 512) >> 10;
    }
  }
}

/** One row that lies inside the picture as a whole: the same numbers without a look at the edges, and without the kernel. */
function warpInside({ data, width, x: left, y: top }: PlacedPicture, line: number, out: Uint8Array): void {
  const { alongU, alongV } = tables;
  const [rowU, rowV] = [tables.rowU[line] as number, tables.rowV[line] as number];
  const rowBytes = width * 3;
  const origin = (top * width + left) * 3;
  for (let x = 0, to = line * CROP_SIZE * 3; x < CROP_SIZE; x++, to += 3) {
    const u = (rowU + (alongU[x] as number)) >> 5;
    const v = (rowV + (alongV[x] as number)) >> 5;
    const right = u & (FRACTIONS - 1);
    const below = v & (FRACTIONS - 1);
    const w11 = right * below;
    const w10 = (right << 5) - w11;
    const w01 = (below << 5) - w11;
    const w00 = 1024 - w10 - w01 - w11;
    const at = (v >> 5) * rowBytes + (u >> 5) * 3 - origin;
    const under = at + rowBytes;
    // The three colours one by one: a loop over them takes longer.
    out[to] = mix(data, at, under, w00, w10, w01, w11);
    out[to + 1] = mix(data, at + 1, under + 1, w00, w10, w01, w11);
    out[to + 2] = mix(data, at + 2, under + 2, w00, w10, w01, w11);
  }
}

/** One colour of four neighbours by their weights, which add up to 2^10. */
function mix(data: Uint8Array, at: number, under: number, w00: number, w10: number, w01: number, w11: number): number {
  const sum =
    w00 * (data[at] as number) +
    w10 * (data[at + 3] as number) +
    w01 * (data[under] as number) +
    w11 * (data[under + 3] as number);
  return (sum + 512) >> 10;
}
