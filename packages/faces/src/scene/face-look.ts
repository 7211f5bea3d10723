import type { Frame } from '@styleflow/media';
import type { Box } from '../geometry/geometry.js';

/** A face with what surrounds it, as so many by so many cells of brightness. */
export const CELLS = 24;
const TAPS = 4;
/** How far around the box it reaches, in sizes of the box. */
const AROUND = 0.5;
/** Cells this far apart are compared: to the right, below, and on both diagonals. */
const NEIGHBOURS = [
  [0, 1],
  [1, 0],
  [1, 1],
  [1, -1],
  [0, 2],
  [2, 0],
] as const;
/** Two cells differ clearly when their brightness does by so much (0..255). */
const CLEAR = 4;
/** Cells nearly as bright or dark as can be have lost what was in them: beside them nothing is compared. */
const [DARKEST, BRIGHTEST] = [4, 250] as const;
/** So many pairs of cells, of about 3,300, must differ clearly in both looks; else nothing can be said. */
const MIN_PAIRS = 100;
/** A face moves by a cell or less from frame to frame: two sizes of the box are 24 cells. */
const SHIFTS = [-1, 0, 1] as const;

export type FaceLook = Float32Array;

/** Of the look that is taken. */
const taps = new Uint8Array(CELLS * TAPS * CELLS * TAPS * 3);

export function lookAt({ width, height, pixels }: Frame, box: Box): FaceLook {
  const { columns, lines } = tapsAround(box, AROUND, { width, height }, TAPS);
  pixels.cross(columns, lines, taps);
  const data = taps;
  const look = new Float32Array(CELLS * CELLS);
  for (let row = 0, at = 0; row < lines.length; row++) {
    const cells = Math.floor(row / TAPS) * CELLS;
    for (let column = 0; column < columns.length; column++, at += 3) {
      const brightness =
        0.299 * (data[at] as number) + 0.587 * (data[at + 1] as number) + 0.114 * (data[at + 2] as number);
      const cell = cells + Math.floor(column / TAPS);
      look[cell] = (look[cell] as number) + brightness / (TAPS * TAPS);
    }
  }
  return look;
}

/**
 * The pixels that a look takes: `taps` by `taps` for each cell.
 * @param around how far the look reaches around the box, in sizes of the box.
 * @returns the columns' and the lines' numbers.
 */
export function tapsAround(
  [x1, y1, x2, y2]: Box,
  around: number,
  { width, height }: Pick<Frame, 'width' | 'height'>,
  taps: number,
): { columns: Int32Array; lines: Int32Array } {
  const along = (start: number, end: number, limit: number): Int32Array => {
    const [from, length] = [start - (end - start) * around, (end - start) * (1 + 2 * around)];
    return Int32Array.from({ length: CELLS * taps }, (_, tap) => {
      const place = Math.floor(from + ((tap + 0.5) * length) / (CELLS * taps));
      return Math.max(0, Math.min(limit - 1, place));
    });
  };
  return { columns: along(x1, x2, width), lines: along(y1, y2, height) };
}

/** A part of a look: its cells from a row and column on, up to others. */
interface Part {
  readonly rows: readonly [number, number];
  readonly columns: readonly [number, number];
  readonly minPairs: number;
}

// Shifts and neighbours reach beyond a cell by so much: those at the edges have none.
const ROWS = [1, CELLS - 3] as const;
const COLUMNS = [2, CELLS - 3] as const;
const WHOLE: Part = { rows: ROWS, columns: COLUMNS, minPairs: MIN_PAIRS };
const MIDDLE = CELLS / 2;
const HALVES: readonly Part[] = [
  { rows: [ROWS[0], MIDDLE], columns: COLUMNS, minPairs: MIN_PAIRS / 2 },
  { rows: [MIDDLE, ROWS[1]], columns: COLUMNS, minPairs: MIN_PAIRS / 2 },
  { rows: ROWS, columns: [COLUMNS[0], MIDDLE], minPairs: MIN_PAIRS / 2 },
  { rows: ROWS, columns: [MIDDLE, COLUMNS[1]], minPairs: MIN_PAIRS / 2 },
];

/**
 * The share of neighbouring cells of which the same one is the brighter in both looks, at the shift that fits best. No light
 * changes it much, be it stronger, weaker or from one side; another face does (README "Scenes").
 * @returns null when there is too little to compare, as in a picture that is all white.
 */
export function likeness(a: FaceLook, b: FaceLook, part: Part = WHOLE): number | null {
  let best: number | null = null;
  for (const y of SHIFTS) {
    for (const x of SHIFTS) {
      const share = likenessAt(a, b, y, x, part);
      if (share !== null && (best === null || share > best)) best = share;
    }
  }
  return best;
}

/** When the half of a look stays as it was, by its likeness, something was laid over the other half. */
export const SAME_HALF = 0.85;

/** The mean difference of two looks' cells (0..255). */
export function meanStep(a: FaceLook, b: FaceLook): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += Math.abs((a[i] as number) - (b[i] as number));
  return sum / a.length;
}

/** The likeness of the half (upper, lower, left, right) that is the most alike; 0 when none can be compared. */
export function likenessOfHalf(a: FaceLook, b: FaceLook): number {
  return Math.max(0, ...HALVES.map((half) => likeness(a, b, half) ?? 0));
}

/** Whether there is something in a look that others can be compared with. */
export function isTelling(look: FaceLook): boolean {
  return likenessAt(look, look, 0, 0, WHOLE) !== null;
}

function likenessAt(a: FaceLook, b: FaceLook, shiftY: number, shiftX: number, part: Part): number | null {
  let alike = 0;
  let pairs = 0;
  for (let row = part.rows[0]; row < part.rows[1]; row++) {
    for (let column = part.columns[0]; column < part.columns[1]; column++) {
      const here = row * CELLS + column;
      const there = (row + shiftY) * CELLS + column + shiftX;
      for (const [down, right] of NEIGHBOURS) {
        const step = down * CELLS + right;
        const one = (a[here + step] as number) - (a[here] as number);
        const other = (b[there + step] as number) - (b[there] as number);
        if (Math.abs(one) < CLEAR || Math.abs(other) < CLEAR) continue;
        if (isLost(a[here] as number) || isLost(a[here + step] as number)) continue;
        if (isLost(b[there] as number) || isLost(b[there + step] as number)) continue;
        pairs += 1;
        if (one * other > 0) alike += 1;
      }
    }
  }
  return pairs < part.minPairs ? null : alike / pairs;
}

function isLost(brightness: number): boolean {
  return brightness < DARKEST || brightness > BRIGHTEST;
}
