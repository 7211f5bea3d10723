import type { Frame } from '@styleflow/media';

/** The picture is compared as this many cells, each the mean of 4 × 4 reads, in three colours (0..255). */
export const COLUMNS = 32;
export const ROWS = 18;
const TAPS = 4;
/** A picture whose cells deviate less than this is blank: black, or blinding white. */
const BLANK = 4;
/** Sum of squares below which cells are all the same: what is left then is rounding. */
const FLAT = 1e-3;

export type PictureCells = Float32Array;

export function cellsOf({ width, height, data }: Frame): PictureCells {
  const cells = new Float32Array(COLUMNS * ROWS * 3);
  for (let row = 0; row < ROWS * TAPS; row++) {
    const y = Math.floor(((row + 0.5) * height) / (ROWS * TAPS));
    for (let column = 0; column < COLUMNS * TAPS; column++) {
      const from = (y * width + Math.floor(((column + 0.5) * width) / (COLUMNS * TAPS))) * 3;
      const to = (Math.floor(row / TAPS) * COLUMNS + Math.floor(column / TAPS)) * 3;
      for (let channel = 0; channel < 3; channel++) {
        cells[to + channel] = (cells[to + channel] as number) + (data[from + channel] as number) / (TAPS * TAPS);
      }
    }
  }
  return cells;
}

export function meanDifference(a: PictureCells, b: PictureCells): number {
  return a.reduce((sum, value, i) => sum + Math.abs(value - (b[i] as number)), 0) / a.length;
}

/** Pearson's; 1 where one of the two is without any structure, as a flat picture says nothing of its scene. */
export function correlation(a: PictureCells, b: PictureCells): number {
  return correlationOf(a, b, 0, 1) ?? 1;
}

/** The highest correlation, of all or of one of the three colours: blind to the colour of the light as well. */
export function colourlessCorrelation(a: PictureCells, b: PictureCells): number {
  // A colour that is missing from one of the pictures says nothing.
  const ofColours = [0, 1, 2].map((colour) => correlationOf(a, b, colour, 3) ?? -1);
  return Math.max(correlation(a, b), ...ofColours);
}

/** Of each `step`-th number from `start` on; null where one of the two is without any structure. */
function correlationOf(a: PictureCells, b: PictureCells, start: number, step: number): number | null {
  let meanA = 0;
  let meanB = 0;
  for (let i = start; i < a.length; i += step) {
    meanA += ((a[i] as number) * step) / a.length;
    meanB += ((b[i] as number) * step) / a.length;
  }
  let ab = 0;
  let aa = 0;
  let bb = 0;
  for (let i = start; i < a.length; i += step) {
    const da = (a[i] as number) - meanA;
    const db = (b[i] as number) - meanB;
    ab += da * db;
    aa += da * da;
    bb += db * db;
  }
  return aa < FLAT || bb < FLAT ? null : ab / Math.sqrt(aa * bb);
}

export function isBlank(cells: PictureCells): boolean {
  const mean = cells.reduce((sum, value) => sum + value, 0) / cells.length;
  const variance = cells.reduce((sum, value) => sum + (value - mean) ** 2, 0) / cells.length;
  return variance < BLANK ** 2;
}
