import type { Frame } from '@styleflow/media';

/** The picture is compared as this many cells, each the mean of 4 × 4 reads. */
const COLUMNS = 32;
const ROWS = 18;
const TAPS = 4;

/**
 * A cut: the cells differ on average (0..255) and by several times more than in the frames just before, so that a fast pan
 * is none, and resemble each other little (correlation, blind to brightness, so that a flash is none). A small difference
 * must stand out the more. On the recordings tried, cuts between scenes differed by 22 to 68, correlated below 0.7 and stood
 * out 20 times and more, one within a scene 10, 0.91 and 42 times; movement reached 19, 0.77 and 1.7 times in one frame.
 */
const CUTS = [
  { minDifference: 20, minJump: 2.5, maxCorrelation: 0.8 },
  { minDifference: 8, minJump: 6, maxCorrelation: 0.9 },
  { minDifference: 8, minJump: 8, maxCorrelation: 0.95 },
] as const;
/** Frames of a still picture differ by less than this: nothing stands out from them that would not stand out from this. */
const LEAST_USUAL = 1;
const REMEMBERED = 3;
const FEW_DIFFERENCES = 2;
/**
 * Frames that differ by less are one picture, repeated (8 frames a second stored as 24 or 30): what moves is seen from the
 * others. No picture that goes on moving is repeated for longer than so many frames.
 */
const REPEATED = 0.25;
const LONGEST_REPEAT = 10;
/** Movement, not a cut: with one picture moved by so many cells, this share of the difference and less is left (cuts: 0.89). */
const MAX_LEFT = 0.5;
const MAX_MOVED = [8, 5] as const;
/** A frame whose cells deviate less than this is blank (black, or blinding white) and belongs to no scene. */
const BLANK = 4;

/**
 * Notices hard cuts: frames that show another scene than the one before, or than the last one before a moment of black or
 * white. Fed with consecutive frames.
 */
export class SceneCuts {
  #previous: Float32Array | null = null;
  /** Of the last frames, newest first. */
  #differences: number[] = [];
  #isAfterBlank = false;

  /** @returns true when `frame` begins a new scene; the first frame does not. */
  isCut(frame: Frame): boolean {
    const cells = cellsOf(frame);
    const before = this.#previous;
    if (isBlank(cells)) {
      this.#isAfterBlank = true;
      return false;
    }
    const isAfterBlank = this.#isAfterBlank;
    this.#isAfterBlank = false;
    this.#previous = cells;
    if (before === null) return false;
    if (isAfterBlank) return isUnlike(before, cells) && !isMoved(before, cells);
    return this.#standsOut(before, cells) && !isMoved(before, cells);
  }

  /** The next frame does not follow the last one. */
  reset(): void {
    this.#previous = null;
    this.#differences = [];
    this.#isAfterBlank = false;
  }

  #standsOut(before: Float32Array, cells: Float32Array): boolean {
    const difference = meanDifference(before, cells);
    const movements = this.#differences.filter((one) => one >= REPEATED).slice(0, REMEMBERED);
    // A scene that has hardly begun may go on moving as it began.
    const hasBegun = movements.length >= FEW_DIFFERENCES || this.#differences.length >= LONGEST_REPEAT;
    this.#differences = [difference, ...this.#differences].slice(0, LONGEST_REPEAT);
    const jump = difference / Math.max(LEAST_USUAL, ...movements);
    return (hasBegun ? CUTS : CUTS.slice(0, 1)).some(
      (cut) =>
        difference >= cut.minDifference && jump >= cut.minJump && correlation(before, cells) < cut.maxCorrelation,
    );
  }
}

function cellsOf({ width, height, data }: Frame): Float32Array {
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

function meanDifference(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + Math.abs(value - (b[i] as number)), 0) / a.length;
}

/** Pearson's; 1 where one of the two is without any structure, as a flat picture says nothing of its scene. */
function correlation(a: Float32Array, b: Float32Array): number {
  const meanA = a.reduce((sum, value) => sum + value, 0) / a.length;
  const meanB = b.reduce((sum, value) => sum + value, 0) / b.length;
  let ab = 0;
  let aa = 0;
  let bb = 0;
  for (let i = 0; i < a.length; i++) {
    const da = (a[i] as number) - meanA;
    const db = (b[i] as number) - meanB;
    ab += da * db;
    aa += da * da;
    bb += db * db;
  }
  return aa === 0 || bb === 0 ? 1 : ab / Math.sqrt(aa * bb);
}

function isBlank(cells: Float32Array): boolean {
  const mean = cells.reduce((sum, value) => sum + value, 0) / cells.length;
  const variance = cells.reduce((sum, value) => sum + (value - mean) ** 2, 0) / cells.length;
  return variance < BLANK ** 2;
}

/** Whether two frames with a moment between them show two scenes: nothing is known of what moved meanwhile. */
function isUnlike(before: Float32Array, cells: Float32Array): boolean {
  return correlation(before, cells) < CUTS[0].maxCorrelation;
}

/** Whether the one frame is the other one moved: the camera turned or was shaken. */
function isMoved(before: Float32Array, cells: Float32Array): boolean {
  const enough = MAX_LEFT * meanDifference(before, cells);
  const [farX, farY] = MAX_MOVED;
  for (let y = -farY; y <= farY; y++) {
    for (let x = -farX; x <= farX; x++) if (movedDifference(before, cells, x, y) <= enough) return true;
  }
  return false;
}

/** Mean difference over the cells that both show when the first is moved by x and y cells. */
function movedDifference(a: Float32Array, b: Float32Array, x: number, y: number): number {
  let sum = 0;
  let count = 0;
  for (let row = Math.max(0, -y); row < Math.min(ROWS, ROWS - y); row++) {
    const first = Math.max(0, -x);
    const last = Math.min(COLUMNS, COLUMNS - x);
    for (let i = (row * COLUMNS + first) * 3; i < (row * COLUMNS + last) * 3; i++, count++) {
      sum += Math.abs((a[i + (y * COLUMNS + x) * 3] as number) - (b[i] as number));
    }
  }
  return sum / count;
}
