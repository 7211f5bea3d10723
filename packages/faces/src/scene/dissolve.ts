import { restOf, shareOf } from './blend.js';
import { colourlessCorrelation, isBlank, meanDifference, type PictureCells } from './picture-cells.js';
import { isMoved } from './picture-shift.js';

/**
 * How many frames lie between the first and the last picture that are compared. A dissolve takes 0.3 to 2 s, and any
 * part of it is a blend, too, so a few lengths find all of them. Each is a multiple of four, since its quarters are
 * looked at.
 */
const SPANS = [8, 16, 24, 32] as const;
const LONGEST = 32;
/** After a dissolve was noticed, so many frames are not looked at: its rest would be noticed as another one. */
const AFTERMATH = 24;
/**
 * The first and the last picture show different scenes when their cells differ by this on average (0..255), and
 * correlate by less than this in every single colour. Single colours, since a stage whose light turns from red to blue
 * is one scene. (Measured correlations: README "Scenes".)
 */
const MIN_DIFFERENCE = 15;
const MAX_CORRELATION = 0.8;
/**
 * How far the pictures in between may be from a blend of the first and the last one, as a share of the difference of
 * these two. Movement, turns of the camera and zooms are farther from one (README "Scenes").
 */
const MAX_REST = 0.2;
/**
 * The share of the last picture lies within these bounds, grows from quarter to quarter, and is about a half halfway.
 */
const HALFWAY = [0.3, 0.7] as const;
const [LEAST_SHARE, MOST_SHARE] = [0.1, 0.9] as const;

/** Notices dissolves: one scene turns into another by blending. Frames must come consecutively. */
export class Dissolves {
  /** Newest last. */
  #frames: PictureCells[] = [];
  #aftermath = 0;

  /**
   * @returns for one frame of each dissolve, halfway through it or later, how many frames ago the other scene was seen;
   * null for all others.
   */
  changedSince(cells: PictureCells): number | null {
    if (this.#aftermath > 0) {
      this.#aftermath -= 1;
      return null;
    }
    this.#frames.push(cells);
    if (this.#frames.length > LONGEST + 1) this.#frames.shift();
    const found = SPANS.find((span) => this.#isBlend(span));
    if (found === undefined) return null;
    this.reset();
    this.#aftermath = AFTERMATH;
    return found;
  }

  /** Forgets all frames: the next one shows another scene. */
  reset(): void {
    this.#frames = [];
    this.#aftermath = 0;
  }

  #isBlend(span: number): boolean {
    const at = (back: number): PictureCells | undefined => this.#frames[this.#frames.length - 1 - back];
    const [first, last] = [at(span), at(0)];
    if (first === undefined || last === undefined) return false;
    const difference = meanDifference(first, last);
    if (difference < MIN_DIFFERENCE || isBlank(first) || isBlank(last)) return false;
    if (colourlessCorrelation(first, last) > MAX_CORRELATION) return false;
    let before: number = LEAST_SHARE;
    for (const [quarter, least, most] of [
      [3, LEAST_SHARE, MOST_SHARE],
      [2, ...HALFWAY],
      [1, LEAST_SHARE, MOST_SHARE],
    ] as const) {
      const between = at((quarter * span) / 4);
      if (between === undefined) return false;
      const share = shareOf(first, between, last);
      if (share < Math.max(least, before) || share > most) return false;
      if (restOf(first, between, last, share) > MAX_REST * difference) return false;
      before = share;
    }
    // A large soft shape that moves a little also looks like a blend of two pictures.
    return !isMoved(first, last);
  }
}
