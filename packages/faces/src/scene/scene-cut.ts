import type { Frame } from '@styleflow/media';
import { Dissolves } from './dissolve.js';
import { cellsOf, correlation, isBlank, meanDifference, type PictureCells } from './picture-cells.js';
import { isMoved } from './picture-shift.js';

/**
 * A frame is a cut when one of these rules holds for it and the frame before; the numbers are chosen by recordings
 * (README "Scenes").
 * - `minDifference`: mean difference of their cells (0..255).
 * - `minJump`: how many times larger this difference is than those just before. A fast pan has large differences all
 *   the time, so it is no cut. The smaller the difference, the larger must be the jump.
 * - `maxCorrelation`: correlation of their cells. Brightness does not change it, so a flash is no cut.
 */
const CUTS = [
  { minDifference: 20, minJump: 2.5, maxCorrelation: 0.8 },
  { minDifference: 8, minJump: 6, maxCorrelation: 0.9 },
  { minDifference: 8, minJump: 8, maxCorrelation: 0.95 },
] as const;
/** Smallest difference that jumps are measured against: after a still picture, any movement would be a large jump. */
const LEAST_USUAL = 1;
const REMEMBERED = 3;
const FEW_DIFFERENCES = 2;
/**
 * Two frames that differ by less than `REPEATED` are one picture stored twice, as when 8 frames a second are stored as
 * 24. They say nothing about movement, so jumps are measured against other frames. A moving picture is never repeated
 * for more than `LONGEST_REPEAT` frames: after so many the picture stands still.
 */
const REPEATED = 0.25;
const LONGEST_REPEAT = 10;

/**
 * Notices where another scene begins: at a hard cut, at a dissolve, and after a moment of black or white when the
 * picture is not the one from before it. Frames must come consecutively.
 */
export class SceneCuts {
  readonly #dissolves = new Dissolves();
  #previous: PictureCells | null = null;
  /** Differences between the last frames, newest first. */
  #differences: number[] = [];
  #isAfterBlank = false;

  /**
   * @returns how many frames ago another scene was seen, when the picture begins a new one: 1 at a hard cut, more in a dissolve.
   * @param cells of the frame, where they are known.
   * Null for all other frames and for the first one.
   */
  changedSince(frame: Frame, cells: PictureCells = cellsOf(frame)): number | null {
    const isCut = this.#isHardCut(cells);
    if (isCut) this.#dissolves.reset();
    const dissolvedSince = this.#dissolves.changedSince(cells);
    return isCut ? 1 : dissolvedSince;
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

  /** Forgets all frames: the next one does not follow them. */
  reset(): void {
    this.#previous = null;
    this.#differences = [];
    this.#isAfterBlank = false;
    this.#dissolves.reset();
  }

  #standsOut(before: PictureCells, cells: PictureCells): boolean {
    const difference = meanDifference(before, cells);
    const movements = this.#differences.filter((one) => one >= REPEATED).slice(0, REMEMBERED);
    // At the beginning of a scene its movement is not known yet, so only the rule for the largest differences holds.
    const hasBegun = movements.length >= FEW_DIFFERENCES || this.#differences.length >= LONGEST_REPEAT;
    this.#differences = [difference, ...this.#differences].slice(0, LONGEST_REPEAT);
    const jump = difference / Math.max(LEAST_USUAL, ...movements);
    return (hasBegun ? CUTS : CUTS.slice(0, 1)).some(
      (cut) =>
        difference >= cut.minDifference && jump >= cut.minJump && correlation(before, cells) < cut.maxCorrelation,
    );
  }
}

/**
 * Whether the frames before and after a blank moment show two scenes. Things may have moved meanwhile, so only
 * correlation counts.
 */
function isUnlike(before: PictureCells, cells: PictureCells): boolean {
  return correlation(before, cells) < CUTS[0].maxCorrelation;
}
