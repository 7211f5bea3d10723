import type { Frame } from '@styleflow/media';
import type { Box } from '../geometry/geometry.js';
import { restOf, shareOf } from './blend.js';
import { type FaceLook, likeness, likenessOfHalf } from './face-look.js';
import { RecentPictures } from './recent-pictures.js';

/** How many pictures lie between the two that are compared; quarters of them are looked at (see `dissolve.ts`). */
const SPANS = [8, 16, 24, 32, 48] as const;
const LONGEST = 48;
/** A face with little around it: a panel or a caption beside it changes little of that. In sizes of the box. */
const AROUND = 0.25;
/** A face smaller than this in the small pictures may move by a part of a pixel, which looks like a blend. */
const MIN_WIDTH = 20;
/** The mean difference of a face's look from another one's (0..255). */
const MIN_DIFFERENCE = 8;
/** The share of the last look, halfway, and the bounds for the quarters. */
const HALFWAY = [0.3, 0.7] as const;
const [LEAST_SHARE, MOST_SHARE] = [0.08, 0.92] as const;
/**
 * What is left of the difference besides a blend, as a share of it, plus what the looks are more alike than two people's
 * are at most. A face that moves or turns is no blend, one in another light is alike (README "Scenes").
 */
const MOST_LEFT = 0.31;
const ALIKE = 0.7;
/** When the half of a look stays as it was, something was laid over the other half. */
const SAME_HALF = 0.85;

/** Where a face was, by the number of the frame; null before it was followed. */
export type FacePlace = (frame: number) => Box | null;

/** Notices that a face turns into another one at its place by blending, whatever the rest of the picture does. */
export class FaceDissolves {
  readonly #pictures = new RecentPictures(LONGEST + 1);
  #isNew = false;

  add(frame: Frame, number: number): void {
    this.#isNew = this.#pictures.add(frame, number);
  }

  /** Whether the face is another one in the newest picture than it was in an earlier one. */
  isOther(placeAt: FacePlace): boolean {
    return this.#isNew && SPANS.some((span) => this.#isBlended(span, placeAt));
  }

  #isBlended(span: number, placeAt: FacePlace): boolean {
    const [start, middle] = [this.#pictures.frameAt(span), this.#pictures.frameAt(span / 2)];
    if (start === null || middle === null || placeAt(start) === null) return false;
    const place = placeAt(middle);
    if (place === null) return false;
    const at = (back: number): FaceLook | null => this.#pictures.lookAt(back, place, AROUND, MIN_WIDTH);
    const [first, last] = [at(span), at(0)];
    if (!first || !last) return false;
    const difference = first.reduce((sum, value, i) => sum + Math.abs(value - (last[i] as number)), 0) / first.length;
    if (difference < MIN_DIFFERENCE) return false;
    // The middle first: it rules out most.
    const half = partOf(first, at(span / 2), last);
    if (half.share < HALFWAY[0] || half.share > HALFWAY[1] || half.rest > MOST_LEFT * difference) return false;
    const quarter = partOf(first, at((span * 3) / 4), last);
    const threeQuarters = partOf(first, at(span / 4), last);
    const grows = quarter.share < half.share && half.share < threeQuarters.share;
    if (!grows || quarter.share < LEAST_SHARE || threeQuarters.share > MOST_SHARE) return false;
    const left = Math.max(half.rest, quarter.rest, threeQuarters.rest) / difference;
    if (left > MOST_LEFT) return false;
    const alike = likeness(first, last);
    if (alike === null || left + Math.max(0, alike - ALIKE) > MOST_LEFT) return false;
    return likenessOfHalf(first, last) < SAME_HALF;
  }
}

function partOf(first: FaceLook, between: FaceLook | null, last: FaceLook): { share: number; rest: number } {
  if (between === null) return { share: 0, rest: Number.POSITIVE_INFINITY };
  const share = shareOf(first, between, last);
  return { share, rest: restOf(first, between, last, share) };
}
