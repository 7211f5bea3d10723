import type { Frame } from '@styleflow/media';

/** Pictures are compared as this many cells. A cell is the mean of 4 × 4 pixels spread over it, by colour (0..255). */
export const COLUMNS = 32;
export const ROWS = 18;
const TAPS = 4;
/** A picture whose cells deviate by less than this from their mean is blank: black, white or another flat colour. */
const BLANK = 4;
/** Cells are all the same when the sum of their squared deviations is below this: it is then only rounding. */
const FLAT = 1e-3;

export type PictureCells = Float32Array;

/** Of the picture that is looked at. */
const taps = new Uint8Array(COLUMNS * TAPS * ROWS * TAPS * 3);

/** So many places, evenly over a side. */
function places(count: number, side: number): Int32Array {
  return Int32Array.from({ length: count }, (_, i) => Math.floor(((i + 0.5) * side) / count));
}

export function cellsOf({ width, height, pixels }: Frame): PictureCells {
  const cells = new Float32Array(COLUMNS * ROWS * 3);
  const columns = places(COLUMNS * TAPS, width);
  const lines = places(ROWS * TAPS, height);
  pixels.cross(columns, lines, taps);
  const data = taps;
  for (let row = 0, from = 0; row < lines.length; row++) {
    const first = Math.floor(row / TAPS) * COLUMNS;
    for (let column = 0; column < columns.length; column++, from += 3) {
      const to = (first + Math.floor(column / TAPS)) * 3;
      // The three colours one by one: a loop over them takes longer.
      cells[to] = (cells[to] as number) + (data[from] as number) / (TAPS * TAPS);
      cells[to + 1] = (cells[to + 1] as number) + (data[from + 1] as number) / (TAPS * TAPS);
      cells[to + 2] = (cells[to + 2] as number) + (data[from + 2] as number) / (TAPS * TAPS);
    }
  }
  return cells;
}

export function meanDifference(a: PictureCells, b: PictureCells): number {
  return a.reduce((sum, value, i) => sum + Math.abs(value - (b[i] as number)), 0) / a.length;
}

/** Pearson's correlation. It is 1 when one picture is flat: a flat picture does not tell which scene it shows. */
export function correlation(a: PictureCells, b: PictureCells): number {
  return correlationOf(a, b, 0, 1) ?? 1;
}

/**
 * The highest of four correlations: of all cells, and of each colour alone. The colour of the light does not change it.
 */
export function colourlessCorrelation(a: PictureCells, b: PictureCells): number {
  // A colour in which one of the pictures is flat does not tell anything, so it does not count.
  const ofColours = [0, 1, 2].map((colour) => correlationOf(a, b, colour, 3) ?? -1);
  return Math.max(correlation(a, b), ...ofColours);
}

/** The correlation of every `step`-th number from `start` on; null when those of one picture are all the same. */
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
