import { colourlessCorrelation, isBlank, meanDifference, type PictureCells } from './picture-cells.js';
import { isMoved } from './picture-shift.js';

/** Frames from the first picture of a blend to the last one: dissolves take 0.3 to 2 s, parts of one are one. Divided by four. */
const SPANS = [8, 16, 24, 32] as const;
const LONGEST = 32;
/** Frames after a dissolve was noticed that are not looked at: its rest must not be taken for another. */
const AFTERMATH = 24;
/**
 * The two pictures show different scenes: cells differ by this on average (0..255) and resemble each other less than this, by
 * each colour alone: a stage whose light turns from red to blue is one scene. Of 136 pairs of scenes none came above 0.74.
 */
const MIN_DIFFERENCE = 15;
const MAX_CORRELATION = 0.8;
/**
 * What of the pictures in between is no blend of the two, as a share of their difference. In recordings, movement, turns of
 * the camera and zooms left 0.3 and more. Of 160 dissolves between recordings in which people move, 0.3 to 2 s long, 157 were
 * noticed, mostly about half-way; the others were not, as much moved meanwhile.
 */
const MAX_REST = 0.2;
/** The share of the second picture grows from quarter to quarter; halfway it is about a half. */
const HALFWAY = [0.3, 0.7] as const;
const [LEAST_SHARE, MOST_SHARE] = [0.1, 0.9] as const;

/** Notices dissolves: one scene that turns into another by blending. Fed with consecutive frames. */
export class Dissolves {
  /** Newest last. */
  #frames: PictureCells[] = [];
  #aftermath = 0;

  /** @returns true once for each dissolve, half-way through it or later. */
  hasChanged(cells: PictureCells): boolean {
    if (this.#aftermath > 0) {
      this.#aftermath -= 1;
      return false;
    }
    this.#frames.push(cells);
    if (this.#frames.length > LONGEST + 1) this.#frames.shift();
    const isFound = SPANS.some((span) => this.#isBlend(span));
    if (isFound) {
      this.reset();
      this.#aftermath = AFTERMATH;
    }
    return isFound;
  }

  /** The next frame shows another scene in any case. */
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
    // A large soft shape that moves a little looks like a blend of its two places.
    return !isMoved(first, last);
  }
}

/** How much of `last` is blended into `first` to come nearest to `between`. */
function shareOf(first: PictureCells, between: PictureCells, last: PictureCells): number {
  let product = 0;
  let square = 0;
  for (let i = 0; i < first.length; i++) {
    const step = (last[i] as number) - (first[i] as number);
    product += ((between[i] as number) - (first[i] as number)) * step;
    square += step * step;
  }
  return square === 0 ? 0 : product / square;
}

/** Mean distance of `between` from that blend. */
function restOf(first: PictureCells, between: PictureCells, last: PictureCells, share: number): number {
  let sum = 0;
  for (let i = 0; i < first.length; i++) {
    const [a, b] = [first[i] as number, last[i] as number];
    sum += Math.abs((between[i] as number) - a - share * (b - a));
  }
  return sum / first.length;
}
