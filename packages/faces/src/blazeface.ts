import type { InferenceSession } from '@styleflow/inference';
import type { Frame } from '@styleflow/media';
import type { Point } from './geometry.js';
import { type Candidate, weightedNms } from './nms.js';
import { type Square, sampleSquare } from './sample-square.js';

/** Side of the picture that the back-camera network takes. */
const SIZE = 256;
/** Boxes overlapping more than this are one face. */
const OVERLAP = 0.3;
/** Per anchor: centre, size, six points (viewer-left eye, viewer-right eye, nose, mouth centre, two ears), in input pixels. */
const VALUES = 16;
/** Two grids of anchors, in the order of the graph's outputs: cells a side, anchors a cell. */
const GRIDS = [
  { cells: 16, anchors: 2, scores: 0, boxes: 2 },
  { cells: 8, anchors: 6, scores: 1, boxes: 3 },
] as const;

/** A face as BlazeFace gives it, in pixels of the frame. */
export interface BlazeFaceDetection extends Pick<Candidate, 'box' | 'score'> {
  readonly eyes: readonly [Point, Point];
  readonly nose: Point;
  readonly mouth: Point;
}

/**
 * BlazeFace, back-camera model (MediaPipe, Apache-2.0): input float32 `[1, 256, 256, 3]` RGB in −1..1, 896 anchors.
 * The frame is shrunk as a whole, with black bars at its shorter sides; faces below about a twentieth of the longer side
 * are missed for that reason.
 */
export class BlazeFace {
  readonly #session: InferenceSession;
  readonly #minScore: number;
  readonly #input = new Float32Array(SIZE * SIZE * 3);

  constructor(session: InferenceSession, minScore: number) {
    this.#session = session;
    this.#minScore = minScore;
  }

  /** @returns faces with a score of at least `minScore`, best first. */
  async detect(frame: Frame): Promise<BlazeFaceDetection[]> {
    const side = Math.max(frame.width, frame.height);
    const square: Square = { centreX: frame.width / 2, centreY: frame.height / 2, side, angle: 0 };
    sampleSquare(frame, square, SIZE, this.#input, 2 / 255, -1);
    const [input = ''] = this.#session.inputNames;
    const outputs = await this.#session.run({
      [input]: { type: 'float32', dims: [1, SIZE, SIZE, 3], data: this.#input },
    });
    const candidates = GRIDS.flatMap((grid) => {
      const scores = outputs[this.#session.outputNames[grid.scores] ?? '']?.data as Float32Array;
      const boxes = outputs[this.#session.outputNames[grid.boxes] ?? '']?.data as Float32Array;
      return decodeGrid(scores, boxes, grid, this.#minScore, square);
    });
    return weightedNms(candidates, OVERLAP).map(toDetection);
  }

  release(): Promise<void> {
    return this.#session.release();
  }
}

function decodeGrid(
  scores: Float32Array,
  values: Float32Array,
  grid: (typeof GRIDS)[number],
  minScore: number,
  square: Square,
): Candidate[] {
  const found: Candidate[] = [];
  const minLogit = Math.log(minScore / (1 - minScore));
  const scale = square.side / SIZE;
  const left = square.centreX - square.side / 2;
  const top = square.centreY - square.side / 2;
  for (let anchor = 0; anchor < scores.length; anchor++) {
    const logit = scores[anchor] as number;
    if (!(logit >= minLogit)) continue;
    const cell = Math.floor(anchor / grid.anchors);
    const anchorX = (((cell % grid.cells) + 0.5) * SIZE) / grid.cells;
    const anchorY = ((Math.floor(cell / grid.cells) + 0.5) * SIZE) / grid.cells;
    const value = (i: number) => values[anchor * VALUES + i] as number;
    const toX = (x: number) => left + (anchorX + x) * scale;
    const toY = (y: number) => top + (anchorY + y) * scale;
    const width = value(2);
    const height = value(3);
    const points = Array.from({ length: 8 }, (_, i) => (i % 2 === 0 ? toX(value(4 + i)) : toY(value(4 + i))));
    found.push({
      box: [
        toX(value(0) - width / 2),
        toY(value(1) - height / 2),
        toX(value(0) + width / 2),
        toY(value(1) + height / 2),
      ],
      score: 1 / (1 + Math.exp(-logit)),
      points,
    });
  }
  return found;
}

function toDetection({ box, score, points }: Candidate): BlazeFaceDetection {
  const point = (i: number): Point => [points[2 * i] ?? 0, points[2 * i + 1] ?? 0];
  return { box, score, eyes: [point(0), point(1)], nose: point(2), mouth: point(3) };
}
