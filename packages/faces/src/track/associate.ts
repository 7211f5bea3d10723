import type { Detection } from '../detection/face-detector.js';
import { type Box, boxCentre, boxSize, iou } from '../geometry/geometry.js';

/** Overlap of prediction and detection that makes them one face at once. */
const MIN_OVERLAP = 0.3;
/**
 * Where they overlap less (small faces, low frame rates): centres nearer than this many box sizes, more the longer the face
 * was not seen (a walker's moves by about five a second), and alike in size.
 */
const MIN_REACH = 0.5;
const REACH_PER_SECOND = 5;
const MAX_REACH = 1.5;
const MAX_SIZE_RATIO = 1.6;

/** Where a track expects its face, where it last was, and how long ago. */
export interface Expectation {
  readonly predicted: Box;
  readonly last: Box;
  readonly secondsAgo: number;
}

/**
 * Pairs expected faces with detections, best pair first: by overlap, then, among those left over, by nearness.
 * @returns for each expectation the index of its detection, or null.
 */
export function associate(expected: readonly Expectation[], detections: readonly Detection[]): (number | null)[] {
  const pairs = expected.flatMap((track, t) =>
    detections.map((detection, d) => ({ t, d, likeness: likeness(track, detection.box) })),
  );
  pairs.sort((a, b) => b.likeness - a.likeness);
  const taken = new Set<number>();
  const result: (number | null)[] = expected.map(() => null);
  for (const { t, d, likeness } of pairs) {
    if (likeness <= 0) break;
    if (result[t] !== null || taken.has(d)) continue;
    result[t] = d;
    taken.add(d);
  }
  return result;
}

/** 1 to 2: they overlap enough; 0 to 1: near and alike; 0: not the same face. */
function likeness({ predicted, last, secondsAgo }: Expectation, box: Box): number {
  const overlap = Math.max(iou(predicted, box), iou(last, box));
  if (overlap >= MIN_OVERLAP) return 1 + overlap;
  const expected = boxSize(predicted);
  const found = boxSize(box);
  const ratio = found.width / expected.width;
  if (!(ratio <= MAX_SIZE_RATIO && ratio >= 1 / MAX_SIZE_RATIO)) return 0;
  const [x, y] = boxCentre(box);
  const [px, py] = boxCentre(predicted);
  const distance = Math.hypot(x - px, y - py) / ((expected.width + found.width) / 2);
  const reach = Math.min(MIN_REACH + REACH_PER_SECOND * Math.max(secondsAgo, 0), MAX_REACH);
  return distance < reach ? 1 - distance / MAX_REACH : 0;
}
