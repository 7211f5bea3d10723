import type { Frame } from '@styleflow/media';
import { type Candidate, suppressOverlaps, weightedNms } from '../detection/nms.js';
import { WholeRgb } from '../detection/whole-rgb.js';
import { type Box, boxCentre, boxSize, iou } from '../geometry/geometry.js';
import { squarePart, wholeFrame } from './frame-part.js';
import { FULL_RANGE_STEP, type FullRange } from './full-range.js';

/**
 * Areas of the pictures that are searched, in pixels. The network finds faces of 12 to 150 pixels (README "Detection").
 * In the coarse picture, 209 × 118 of a wide frame, these are faces from a tenth of the frame's height on; in the fine
 * one, 640 × 360, from a thirtieth on.
 */
const COARSE_AREA = 24_576;
const FINE_AREA = 230_400;
/** The fine picture is searched again after this time, or after this many frames; sooner when a face was lost. */
const FINE_SECONDS = 0.3;
const FINE_FRAMES = 8;
const FINE_FRAMES_AFTER_LOSS = 2;

/**
 * A face that fills the frame, or is cut off by its edge, is too large and not complete for the network. So whenever
 * the fine picture is searched, the frame is also searched with a black border: shrunk into the middle third of a black
 * square of `BORDERED_SIZE` pixels, where such a face has the size that the network knows best.
 */
const BORDERED_SIDES = 3;
const BORDERED_SIZE = 160;
/**
 * Smaller faces than this share of the frame's shorter side do not count there: the coarse picture shows them better.
 */
const MIN_BORDERED_HEIGHT = 0.5;

/**
 * A close search shows one place at the size that the network knows best: a square with a side of `CLOSE_HEIGHTS`
 * heights of the face, as `CLOSE_SIZE` × `CLOSE_SIZE` pixels. There the network errs less often than on whole frames
 * (README "The mesh").
 */
const CLOSE_HEIGHTS = 5.7;
const CLOSE_SIZE = 160;
/** When more known faces than this are to be searched closely, one fine search is cheaper. */
const MAX_CLOSE = 6;

/**
 * Lowest scores of candidates. The coarse picture gets the lower bound: large faces score low there, while candidates
 * as low as this in the fine picture are mostly clutter.
 */
const MIN_COARSE_SCORE = 0.2;
const MIN_FINE_SCORE = 0.3;
/** Lowest score of a close search; one that finds nothing counts as if it had found the place with this score. */
const MIN_CLOSE_SCORE = 0.1;
/** Candidates overlapping more than this are one face. */
const OVERLAP = 0.3;
/** A close search's face is the sighted one when its centre is at most so many heights away, and its size similar. */
const MAX_SHIFT = 0.5;
const MAX_GROWTH = 2;

/** How many pixels of the frame, along a side, make one of the fine picture. At least 1: enlarging adds no detail. */
export function finePixel({ width, height }: Pick<Frame, 'width' | 'height'>): number {
  return Math.max(1, Math.sqrt((width * height) / FINE_AREA));
}

/** A place that looks like a face. */
export interface Sighting extends Candidate {
  /** Whether it comes from a close search, and so needs no other. */
  readonly isClose: boolean;
}

/** Searches consecutive frames for places that look like faces, and no more of them than known faces make necessary. */
export class FaceSearch {
  readonly #network: FullRange;
  readonly #rgb = new WholeRgb();
  /** When the fine picture was last searched; null before the first time. */
  #fine: { readonly index: number; readonly seconds: number } | null = null;
  #hasLost = false;
  /** The last frame that was searched. */
  #searched: number | null = null;

  constructor(network: FullRange) {
    this.#network = network;
  }

  /** The next frame does not follow the last one. */
  reset(): void {
    this.#fine = null;
    this.#hasLost = false;
    this.#searched = null;
  }

  /** Tells whether a face of the frame before was not found again: the fine picture is then searched sooner. */
  tellLost(hasLost: boolean): void {
    this.#hasLost = hasLost;
  }

  /** Whether this frame may go without a search: the frame before was searched, and no fine search is due. */
  maySkip(frame: Frame): boolean {
    return this.#searched === frame.index - 1 && !this.isFineDue(frame);
  }

  /** @returns what sets the search back to what it knows now. */
  checkpoint(): () => void {
    const [fine, hasLost, searched] = [this.#fine, this.#hasLost, this.#searched];
    return () => {
      this.#fine = fine;
      this.#hasLost = hasLost;
      this.#searched = searched;
    };
  }

  /**
   * Searches the whole frame, then closely where a known face was not found that way.
   * @param changed where a due fine search must look: the rest is as at the last one. Null: nowhere; undefined: everywhere.
   * @returns one sighting for each place, best first, and whether the fine picture was searched.
   */
  async find(
    frame: Frame,
    known: readonly Box[],
    changed?: Box | null,
  ): Promise<{ sightings: Sighting[]; isFine: boolean }> {
    this.#searched = frame.index;
    const found = await this.#searchWhole(frame, COARSE_AREA, MIN_COARSE_SCORE);
    const missed = known.filter((box) => !found.some((one) => iou(one.box, box) > OVERLAP));
    const isFine = this.isFineDue(frame) || missed.length > MAX_CLOSE;
    if (isFine) {
      this.#fine = { index: frame.index, seconds: frame.seconds };
      if (changed !== null) found.push(...(await this.#searchWhole(frame, FINE_AREA, MIN_FINE_SCORE, changed)));
      found.push(...(await this.#searchBordered(frame)));
    }
    for (const box of isFine ? [] : missed) {
      const near = await this.#searchClose(frame, box, MIN_FINE_SCORE);
      found.push(...near.map((one) => ({ ...one, isClose: true })));
    }
    return { sightings: suppressOverlaps(found, boxOf, ({ score }) => score, OVERLAP), isFine };
  }

  /** Searches the place of a sighting closely. The score becomes the mean of both searches, on the scale of logits. */
  async confirm(frame: Frame, sighting: Sighting): Promise<Sighting> {
    const near = await this.#searchClose(frame, sighting.box, MIN_CLOSE_SCORE);
    const [best] = near.filter(({ box }) => isSamePlace(box, sighting.box)).sort((a, b) => b.score - a.score);
    const score = meanOfLogits(sighting.score, best?.score ?? MIN_CLOSE_SCORE);
    return { ...(best ?? sighting), score, isClose: true };
  }

  /** Lets go of the frame that was searched last. */
  forget(): void {
    this.#rgb.forget();
  }

  release(): Promise<void> {
    return this.#network.release();
  }

  async #searchWhole(frame: Frame, area: number, minScore: number, within?: Box): Promise<Sighting[]> {
    const part = await wholeFrame(frame, this.#rgb, area, FULL_RANGE_STEP, within);
    const found = weightedNms(await this.#network.find(part, minScore), OVERLAP);
    return found.map((one) => ({ ...one, isClose: false }));
  }

  async #searchBordered(frame: Frame): Promise<Sighting[]> {
    const { width, height } = frame;
    const short = Math.min(width, height);
    const part = squarePart(frame, [width / 2, height / 2], short * BORDERED_SIDES, BORDERED_SIZE);
    const found = weightedNms(await this.#network.find(part, MIN_COARSE_SCORE), OVERLAP);
    const large = found.filter(({ box }) => boxSize(box).height >= MIN_BORDERED_HEIGHT * short);
    return large.map((one) => ({ ...one, isClose: false }));
  }

  async #searchClose(frame: Frame, box: Box, minScore: number): Promise<Candidate[]> {
    const part = squarePart(frame, boxCentre(box), boxSize(box).height * CLOSE_HEIGHTS, CLOSE_SIZE);
    return weightedNms(await this.#network.find(part, minScore), OVERLAP);
  }

  /** Whether the fine picture of this frame is to be searched. */
  isFineDue({ index, seconds }: Frame): boolean {
    if (this.#fine === null) return true;
    const frames = index - this.#fine.index;
    if (this.#hasLost && frames >= FINE_FRAMES_AFTER_LOSS) return true;
    return frames >= FINE_FRAMES || Math.abs(seconds - this.#fine.seconds) >= FINE_SECONDS;
  }
}

function boxOf({ box }: Candidate): Box {
  return box;
}

function isSamePlace(box: Box, other: Box): boolean {
  const [[x, y], [u, v]] = [boxCentre(box), boxCentre(other)];
  const { height } = boxSize(other);
  const growth = boxSize(box).height / height;
  return Math.hypot(x - u, y - v) < MAX_SHIFT * height && growth < MAX_GROWTH && growth > 1 / MAX_GROWTH;
}

function meanOfLogits(a: number, b: number): number {
  const odds = Math.sqrt((a / (1 - a)) * (b / (1 - b)));
  return odds / (1 + odds);
}
