import type { InferenceSession } from '@styleflow/inference';
import type { Candidate } from '../detection/nms.js';
import type { Box } from '../geometry/geometry.js';
import type { FramePart } from './frame-part.js';

/** Sides of the pictures that the network takes are multiples of this. */
export const FULL_RANGE_STEP = 32;
/** The network divides its picture into squares of this side, in pixels, and proposes one face for each. */
const CELL = 4;

/** Points of a face, x and y each: two eyes (viewer-left first), nose, mouth centre, two ears. */
const POINT_VALUES = 12;

/**
 * MediaPipe's full-range face detector, as written by the models package: input `pictures` uint8 [1, H, W, 3], outputs
 * `logits` and `boxes` for each cell. It finds faces of about 12 to 150 pixels in its picture (README "Detection"),
 * turned up to the profile and leaning by up to about 60 degrees. Its box reaches from the brows to the chin.
 */
export class FullRange {
  readonly #session: InferenceSession;

  constructor(session: InferenceSession) {
    this.#session = session;
  }

  /**
   * @returns the proposals with a score of at least `minScore`, in pixels of the whole frame and of finite numbers.
   * Several cells propose the same face.
   */
  async find(part: FramePart, minScore: number): Promise<Candidate[]> {
    const { width, height, data, left, top, scaleX, scaleY } = part;
    const { logits: scores, boxes } = await this.#session.run({
      pictures: { type: 'uint8', dims: [1, height, width, 3], data },
    });
    const logits = scores?.data as Float32Array;
    const values = boxes?.data as Float32Array;
    const minLogit = Math.log(minScore / (1 - minScore));
    const columns = width / CELL;
    const found: Candidate[] = [];
    for (let cell = 0; cell < logits.length; cell++) {
      const logit = logits[cell] as number;
      if (!(logit >= minLogit)) continue;
      const middleX = ((cell % columns) + 0.5) * CELL;
      const middleY = (Math.floor(cell / columns) + 0.5) * CELL;
      const value = (i: number) => values[i * logits.length + cell] as number;
      const [halfWidth, halfHeight] = [value(2) / 2, value(3) / 2];
      const toX = (x: number) => left + (middleX + x) * scaleX;
      const toY = (y: number) => top + (middleY + y) * scaleY;
      found.push({
        box: [
          toX(value(0) - halfWidth),
          toY(value(1) - halfHeight),
          toX(value(0) + halfWidth),
          toY(value(1) + halfHeight),
        ],
        score: 1 / (1 + Math.exp(-logit)),
        points: Array.from({ length: POINT_VALUES }, (_, i) => (i % 2 === 0 ? toX(value(4 + i)) : toY(value(4 + i)))),
      });
    }
    return found.filter(({ box, points }) => isSound(box, points));
  }

  release(): Promise<void> {
    return this.#session.release();
  }
}

function isSound(box: Box, points: readonly number[]): boolean {
  return [...box, ...points].every(Number.isFinite) && box[2] > box[0] && box[3] > box[1];
}
