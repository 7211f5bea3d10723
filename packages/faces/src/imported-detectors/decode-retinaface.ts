import { JobError } from '@styleflow/contracts';
import type { Detection } from '../detection/face-detector.js';
import { type DetectionLimits, suppressDetections, wideOverlap } from '../detection/suppress-detections.js';
import type { Box, Point } from '../geometry/geometry.js';

/**
 * What the network gives for one picture: P proposals. They are ordered by level, then by row and column of the cell,
 * then by size of the anchor, small first.
 */
export interface RetinaFaceOutputs {
  /** [P], 0..1. */
  readonly scores: Float32Array;
  /** [P, 4]: shift of the centre against the anchor (x, y), then logarithms of the growth (width, height). */
  readonly boxes: Float32Array;
  /** [P, 10]: shifts of the five points against the anchor's centre. */
  readonly points: Float32Array;
}

/** Each level has cells `step` pixels apart, and in each cell two square anchors with these sides, in pixels. */
const LEVELS = [
  { step: 8, sides: [16, 32] },
  { step: 16, sides: [64, 128] },
  { step: 32, sides: [256, 512] },
] as const;
/** The network was trained to give shifts and growth in these units. */
const SHIFT = 0.1;
const GROWTH = 0.2;

/**
 * Reads faces out of the proposals: in pixels of the frame, best first, with anchors, decoding and suppression as in
 * the reference. Weak proposals are dropped before the suppression. Dropping them after it would give the same faces,
 * since a weaker proposal never suppresses a better one. Source: Deng et al., RetinaFace (2020); the original service's
 * thresholds come with the detector.
 * @throws JobError `internal` when the outputs do not fit the frame's size.
 */
export function decodeRetinaFace(
  outputs: RetinaFaceOutputs,
  frame: { readonly width: number; readonly height: number },
  limits: DetectionLimits,
): Detection[] {
  const found: Detection[] = [];
  let index = 0;
  for (const { step, sides } of LEVELS) {
    const [rows, columns] = [Math.ceil(frame.height / step), Math.ceil(frame.width / step)];
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++)
        for (const side of sides) {
          const score = outputs.scores[index] ?? 0;
          if (score >= limits.minScore) {
            found.push(decode(outputs, index, score, [(column + 0.5) * step, (row + 0.5) * step], side));
          }
          index++;
        }
  }
  if (index !== outputs.scores.length) {
    const size = `${frame.width} x ${frame.height}`;
    const message = `the detector gave ${outputs.scores.length} proposals for ${size} pixels, expected ${index}`;
    throw new JobError('internal', message, { retryable: false });
  }
  return suppressDetections(found, limits, wideOverlap);
}

function decode({ boxes, points }: RetinaFaceOutputs, index: number, score: number, [x, y]: Point, side: number) {
  const value = (i: number): number => boxes[4 * index + i] ?? 0;
  const shift = SHIFT * side;
  const [width, height] = [side * Math.exp(value(2) * GROWTH), side * Math.exp(value(3) * GROWTH)];
  const [left, top] = [x + value(0) * shift - width / 2, y + value(1) * shift - height / 2];
  const point = (i: number): Point => [
    x + (points[10 * index + 2 * i] ?? 0) * shift,
    y + (points[10 * index + 2 * i + 1] ?? 0) * shift,
  ];
  const box: Box = [left, top, left + width, top + height];
  const detection: Detection = { box, score, landmarks: [point(0), point(1), point(2), point(3), point(4)] };
  return detection;
}
