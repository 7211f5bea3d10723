import type { Frame } from '@styleflow/media';
import { type Candidate, suppressOverlaps, weightedNms } from '../detection/nms.js';
import { type Box, boxCentre, boxSize, iou } from '../geometry/geometry.js';
import { squarePart, wholeFrame } from './frame-part.js';
import { FULL_RANGE_STEP, type FullRange } from './full-range.js';

/**
 * Pixels of the pictures that are searched. The network knows faces of 12 to 150 pixels: the coarse picture (209 × 118 of a
 * wide frame) shows those above a tenth of the height, each frame; the fine one (640 × 360) those down to a thirtieth.
 */
const COARSE_AREA = 24_576;
const FINE_AREA = 230_400;
/** The fine picture is searched again after this time or this many frames; sooner when a face was lost. */
const FINE_SECONDS = 0.3;
const FINE_FRAMES = 8;
const FINE_FRAMES_AFTER_LOSS = 2;

/**
 * Together with the fine picture, the frame is searched as the middle third of a black square with this side: a face that
 * fills the frame, or of which its edge shows a part only, is complete there and of the size that the network knows best.
 */
const BORDERED_SIDES = 3;
const BORDERED_SIZE = 160;
/** Smallest face that is sought there, in shorter sides of the frame: the coarse picture shows the smaller ones better. */
const MIN_BORDERED_HEIGHT = 0.5;

/**
 * A closer search shows a square of this many of the face's heights with this side, and so the face at the size that the
 * network knows best. It tells apart what the searches of whole frames mistake: see the README.
 */
const CLOSE_HEIGHTS = 5.7;
const CLOSE_SIZE = 160;
/** Beyond this many of them one fine search is cheaper. */
const MAX_CLOSE = 6;

/** Weakest candidates: in the coarse picture large faces score low, at the size that the network knows best clutter does. */
const MIN_COARSE_SCORE = 0.2;
const MIN_FINE_SCORE = 0.3;
/** What a closer search without an answer is taken to have said. */
const MIN_CLOSE_SCORE = 0.1;
/** Candidates overlapping more than this are one face. */
const OVERLAP = 0.3;
/** A closer look's face is this near, in heights, and alike in size. */
const MAX_SHIFT = 0.5;
const MAX_GROWTH = 2;

/** Pixels of the frame to one of the fine picture; at least 1: enlarging a small frame shows nothing new. */
export function finePixel({ width, height }: Pick<Frame, 'width' | 'height'>): number {
  return Math.max(1, Math.sqrt((width * height) / FINE_AREA));
}

/** A place that looks like a face. */
export interface Sighting extends Candidate {
  /** It was searched at its own size. */
  readonly isClose: boolean;
}

/** Finds candidates in consecutive frames, with as little search as the faces allow. */
export class FaceSearch {
  readonly #network: FullRange;
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

  /** Whether a face of the frame before was not found again. */
  tellLost(hasLost: boolean): void {
    this.#hasLost = hasLost;
  }

  /** Whether this frame may go without a search: the one before had one, and the fine picture is not due. */
  mayWait(frame: Frame): boolean {
    return this.#searched === frame.index - 1 && !this.#isFineDue(frame);
  }

  /**
   * Searches the frame, and around each of the known faces that was not found so.
   * @returns one sighting a place, best first, and whether the fine picture was searched.
   */
  async find(frame: Frame, known: readonly Box[]): Promise<{ sightings: Sighting[]; isFine: boolean }> {
    this.#searched = frame.index;
    const found = await this.#searchWhole(frame, COARSE_AREA, MIN_COARSE_SCORE);
    const missed = known.filter((box) => !found.some((one) => iou(one.box, box) > OVERLAP));
    const isFine = this.#isFineDue(frame) || missed.length > MAX_CLOSE;
    if (isFine) {
      this.#fine = { index: frame.index, seconds: frame.seconds };
      found.push(...(await this.#searchWhole(frame, FINE_AREA, MIN_FINE_SCORE)));
      found.push(...(await this.#searchBordered(frame)));
    }
    for (const box of isFine ? [] : missed) {
      const near = await this.#searchClose(frame, box, MIN_FINE_SCORE);
      found.push(...near.map((one) => ({ ...one, isClose: true })));
    }
    return { sightings: suppressOverlaps(found, boxOf, ({ score }) => score, OVERLAP), isFine };
  }

  /** The same place searched at its own size: its score is what both searches say together, on the scale of logits. */
  async confirm(frame: Frame, sighting: Sighting): Promise<Sighting> {
    const near = await this.#searchClose(frame, sighting.box, MIN_CLOSE_SCORE);
    const [best] = near.filter(({ box }) => isSamePlace(box, sighting.box)).sort((a, b) => b.score - a.score);
    const score = meanOfLogits(sighting.score, best?.score ?? MIN_CLOSE_SCORE);
    return { ...(best ?? sighting), score, isClose: true };
  }

  release(): Promise<void> {
    return this.#network.release();
  }

  async #searchWhole(frame: Frame, area: number, minScore: number): Promise<Sighting[]> {
    const part = await wholeFrame(frame, area, FULL_RANGE_STEP);
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

  #isFineDue({ index, seconds }: Frame): boolean {
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
