import type { Frame } from '@styleflow/media';
import { Dissolves } from './dissolve.js';
import { cellsOf, correlation, isBlank, meanDifference, type PictureCells } from './picture-cells.js';
import { isMoved } from './picture-shift.js';

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

/**
 * Notices where another scene begins: a hard cut, the first frame after a moment of black or white that shows another scene
 * than the last one before, a dissolve. Fed with consecutive frames.
 */
export class SceneCuts {
  readonly #dissolves = new Dissolves();
  #previous: PictureCells | null = null;
  /** Of the last frames, newest first. */
  #differences: number[] = [];
  #isAfterBlank = false;

  /** @returns true when `frame` begins a new scene; the first frame does not. */
  isCut(frame: Frame): boolean {
    const cells = cellsOf(frame);
    const isCut = this.#isHardCut(cells);
    if (isCut) this.#dissolves.reset();
    return this.#dissolves.hasChanged(cells) || isCut;
  }

  #isHardCut(cells: PictureCells): boolean {
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
    this.#dissolves.reset();
  }

  #standsOut(before: PictureCells, cells: PictureCells): boolean {
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

/** Whether two frames with a moment between them show two scenes: nothing is known of what moved meanwhile. */
function isUnlike(before: PictureCells, cells: PictureCells): boolean {
  return correlation(before, cells) < CUTS[0].maxCorrelation;
}
