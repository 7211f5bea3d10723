import type { Frame } from '@styleflow/media';
import { squarePart, wholeFrame } from './frame-part.js';
import { FULL_RANGE_STEP, type FullRange } from './full-range.js';
import { type Box, boxCentre, boxSize, iou } from './geometry.js';
import { type Candidate, suppressOverlaps, weightedNms } from './nms.js';

/**
 * Pixels of the pictures that are searched. The network knows faces of 12 to 150 pixels: the coarse picture (209 × 118 of a
 * wide frame) shows those above a tenth of the height, each frame; the fine one (640 × 360) those down to a thirtieth.
 */
const COARSE_AREA = 24_576;
const FINE_AREA = 230_400;
/** The fine picture is searched again after this time or this many frames; sooner when a face was lost. */
const FINE_SECONDS = 0.2;
const FINE_FRAMES = 8;
const FINE_FRAMES_AFTER_LOSS = 2;

/** A face is searched where it was in a square of this many of its heights, shown with this side. */
const LOCAL_HEIGHTS = 5.7;
const LOCAL_SIZE = 160;
/** Beyond this many of them one fine search is cheaper. */
const MAX_LOCAL = 6;

/** Weakest candidate. */
const MIN_SCORE = 0.2;
/** Candidates that spare a face of the frame before the search where it was: weaker for one that the mesh sees clearly. */
const MIN_SPARING_SCORE = 0.6;
const MIN_SPARING_SCORE_OF_CLEAR = 0.3;
/** Candidates overlapping more than this are one face. */
const OVERLAP = 0.3;

/** A face of the frame before. */
export interface KnownFace {
  readonly box: Box;
  /** The mesh, too, sees a face there. */
  readonly isClear: boolean;
}

/** Finds candidates in consecutive frames, with as little search as the faces allow. */
export class FaceSearch {
  readonly #network: FullRange;
  /** When the fine picture was last searched; null before the first time. */
  #fine: { readonly index: number; readonly seconds: number } | null = null;
  #hasLost = false;

  constructor(network: FullRange) {
    this.#network = network;
  }

  /** The next frame does not follow the last one. */
  reset(): void {
    this.#fine = null;
    this.#hasLost = false;
  }

  /** Whether a face of the frame before was not found again. */
  tellLost(hasLost: boolean): void {
    this.#hasLost = hasLost;
  }

  /** @returns one candidate a place, best first, and whether the fine picture was searched. */
  async find(frame: Frame, before: readonly KnownFace[]): Promise<{ candidates: Candidate[]; isFine: boolean }> {
    const found = await this.#searchWhole(frame, COARSE_AREA);
    const unclear = before.filter(({ box, isClear }) => {
      const minScore = isClear ? MIN_SPARING_SCORE_OF_CLEAR : MIN_SPARING_SCORE;
      return !found.some((one) => one.score >= minScore && iou(one.box, box) > OVERLAP);
    });
    const isFine = this.#isFineDue(frame) || unclear.length > MAX_LOCAL;
    if (isFine) {
      this.#fine = { index: frame.index, seconds: frame.seconds };
      found.push(...(await this.#searchWhole(frame, FINE_AREA)));
    }
    for (const { box } of isFine ? [] : unclear) {
      const part = squarePart(frame, boxCentre(box), boxSize(box).height * LOCAL_HEIGHTS, LOCAL_SIZE);
      found.push(...weightedNms(await this.#network.find(part, MIN_SCORE), OVERLAP));
    }
    return {
      candidates: suppressOverlaps(
        found,
        ({ box }) => box,
        ({ score }) => score,
        OVERLAP,
      ),
      isFine,
    };
  }

  release(): Promise<void> {
    return this.#network.release();
  }

  async #searchWhole(frame: Frame, area: number): Promise<Candidate[]> {
    const part = await wholeFrame(frame, area, FULL_RANGE_STEP);
    return weightedNms(await this.#network.find(part, MIN_SCORE), OVERLAP);
  }

  #isFineDue({ index, seconds }: Frame): boolean {
    if (this.#fine === null) return true;
    const frames = index - this.#fine.index;
    if (this.#hasLost && frames >= FINE_FRAMES_AFTER_LOSS) return true;
    return frames >= FINE_FRAMES || Math.abs(seconds - this.#fine.seconds) >= FINE_SECONDS;
  }
}
