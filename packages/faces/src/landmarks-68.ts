import type { InferenceSession } from '@styleflow/inference';
import type { Frame } from '@styleflow/media';
import type { BlazeFaceDetection } from './blazeface.js';
import { boxCentre, boxSize, type Landmarks, type Point } from './geometry.js';
import { type Square, sampleSquare } from './sample-square.js';

/** Side of the picture that the 68-point network takes. */
const SIZE = 112;
const POINTS = 68;
/** Side of the looked-at square in sides of BlazeFace's box. */
const SQUARE_PER_BOX = 1.15;
/** Mean distance, in sides of the box, of the refined points from BlazeFace's beyond which the refinement has failed. */
const MAX_DISAGREEMENT = 0.12;
/** Half a mouth's width in distances of the eyes, as in the standard face. */
const HALF_MOUTH = 0.46;

/** A face's alignment points, and how far the two networks are apart on it, in sides of its box. */
export interface RefinedLandmarks {
  readonly landmarks: Landmarks;
  readonly disagreement: number;
}

/**
 * Five alignment points from the 68-point network of face-api (MIT): input `faces` float32 `[N, 112, 112, 3]` RGB 0..255,
 * output `landmarks` `[N, 68, 2]` in 0..1 of that square. The square is turned with the eyes, since the network knows
 * upright faces best; where it disagrees with BlazeFace (strongly turned heads), BlazeFace's own points are kept.
 */
export class FaceLandmarks {
  readonly #session: InferenceSession;

  constructor(session: InferenceSession) {
    this.#session = session;
  }

  async refine(frame: Frame, faces: readonly BlazeFaceDetection[]): Promise<RefinedLandmarks[]> {
    if (faces.length === 0) return [];
    const squares = faces.map(squareAround);
    const input = new Float32Array(faces.length * SIZE * SIZE * 3);
    for (const [i, square] of squares.entries()) {
      sampleSquare(frame, square, SIZE, input.subarray(i * SIZE * SIZE * 3), 1, 0);
    }
    const [inputName = ''] = this.#session.inputNames;
    const [outputName = ''] = this.#session.outputNames;
    const feeds = { [inputName]: { type: 'float32', dims: [faces.length, SIZE, SIZE, 3], data: input } } as const;
    const points = (await this.#session.run(feeds))[outputName]?.data as Float32Array;
    return faces.map((face, i) => {
      const refined = fiveOf(points.subarray(i * POINTS * 2, (i + 1) * POINTS * 2), squares[i] as Square);
      const disagreement = meanDistance(refined, face);
      return { landmarks: disagreement <= MAX_DISAGREEMENT ? refined : roughLandmarks(face), disagreement };
    });
  }

  release(): Promise<void> {
    return this.#session.release();
  }
}

function squareAround(face: BlazeFaceDetection): Square {
  const { width, height } = boxSize(face.box);
  const [left, right] = face.eyes;
  const [x, y] = boxCentre(face.box);
  const angle = Math.atan2(right[1] - left[1], right[0] - left[0]);
  const side = Math.max(width, height);
  return { centreX: x, centreY: y, side: side * SQUARE_PER_BOX, angle };
}

/** Eyes as means of their six outline points (36–41, 42–47), nose tip 30, mouth corners 48 and 54 of the usual 68. */
function fiveOf(points: Float32Array, square: Square): Landmarks {
  const mean = (first: number, last: number): Point => {
    let x = 0;
    let y = 0;
    for (let i = first; i <= last; i++) {
      x += points[2 * i] as number;
      y += points[2 * i + 1] as number;
    }
    const count = last - first + 1;
    return toFrame(x / count, y / count, square);
  };
  return [mean(36, 41), mean(42, 47), mean(30, 30), mean(48, 48), mean(54, 54)];
}

function toFrame(x: number, y: number, { centreX, centreY, side, angle }: Square): Point {
  const dx = (x - 0.5) * side;
  const dy = (y - 0.5) * side;
  return [centreX + dx * Math.cos(angle) - dy * Math.sin(angle), centreY + dx * Math.sin(angle) + dy * Math.cos(angle)];
}

function meanDistance([left, right, nose, mouthLeft, mouthRight]: Landmarks, face: BlazeFaceDetection): number {
  const mouth: Point = [(mouthLeft[0] + mouthRight[0]) / 2, (mouthLeft[1] + mouthRight[1]) / 2];
  const away =
    distance(left, face.eyes[0]) +
    distance(right, face.eyes[1]) +
    distance(nose, face.nose) +
    distance(mouth, face.mouth);
  return away / 4 / boxSize(face.box).width;
}

/** BlazeFace's points, with mouth corners set off its mouth centre along the line of the eyes. */
function roughLandmarks({ eyes: [left, right], nose, mouth }: BlazeFaceDetection): Landmarks {
  const dx = (right[0] - left[0]) * HALF_MOUTH;
  const dy = (right[1] - left[1]) * HALF_MOUTH;
  return [left, right, nose, [mouth[0] - dx, mouth[1] - dy], [mouth[0] + dx, mouth[1] + dy]];
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1]);
}
