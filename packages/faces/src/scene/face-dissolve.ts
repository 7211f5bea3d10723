import type { Frame } from '@styleflow/media';
import type { Box } from '../geometry/geometry.js';
import { restOf, shareOf } from './blend.js';
import { isFaceCut } from './face-cut.js';
import { type FaceLook, likeness, likenessOfHalf, meanStep, SAME_HALF } from './face-look.js';
import { RecentPictures } from './recent-pictures.js';

/** How many pictures lie between the two that are compared; quarters of them are looked at (see `dissolve.ts`). */
const SPANS = [8, 16, 24, 32, 48] as const;
const LONGEST = 48;
/** Pictures that are looked at for a cut: the newest, the one before, and how faces moved before that. */
const CUT_PICTURES = 5;
/** A face with little around it: a panel or a caption beside it changes little of that. In sizes of the box. */
const AROUND = 0.25;
/** A face smaller than this in the small pictures may move by a part of a pixel, which looks like a blend. */
const MIN_WIDTH = 18;
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

/** Where a face was, by the number of the frame; null before it was followed. */
export type FacePlace = (frame: number) => Box | null;

/** Notices that another face takes a face's place, by blending or at once, whatever the rest of the picture does. */
export class FaceDissolves {
  readonly #pictures = new RecentPictures(LONGEST + 1);
  #isNew = false;

  add(frame: Frame, number: number): void {
    this.#isNew = this.#pictures.add(frame, number);
  }

  /** Whether the face is another one in the newest picture than it was in an earlier one. */
  isOther(placeAt: FacePlace): boolean {
    return this.#isNew && (this.#isCut(placeAt) || SPANS.some((span) => this.#isBlended(span, placeAt)));
  }

  #isCut(placeAt: FacePlace): boolean {
    const [start, before] = [this.#pictures.frameAt(CUT_PICTURES - 1), this.#pictures.frameAt(1)];
    const place = start === null || before === null || placeAt(start) === null ? null : placeAt(before);
    if (place === null) return false;
    return isFaceCut((ago) => this.#pictures.lookAt(ago, place, AROUND, MIN_WIDTH), CUT_PICTURES);
  }

  #isBlended(span: number, placeAt: FacePlace): boolean {
    const [start, middle] = [this.#pictures.frameAt(span), this.#pictures.frameAt(span / 2)];
    if (start === null || middle === null || placeAt(start) === null) return false;
    const place = placeAt(middle);
    if (place === null) return false;
    const at = (back: number): FaceLook | null => this.#pictures.lookAt(back, place, AROUND, MIN_WIDTH);
    const [first, last] = [at(span), at(0)];
    if (!first || !last) return false;
    const difference = meanStep(first, last);
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
