import type { Detection } from '../detection/face-detector.js';
import { type Box, boxCentre, boxSize, iou } from '../geometry/geometry.js';

/** A track's expected or last box and a detection that overlap by this are the same face. */
const MIN_OVERLAP = 0.3;
/**
 * Small faces, and faces in videos with few frames a second, move by more than their size from frame to frame, so that
 * boxes do not overlap. A detection is then the same face when it has a similar size and its centre is in reach. The
 * reach, in sizes of the box, grows with the time since the face was seen: that of a person walking moves by about five
 * a second.
 */
const MIN_REACH = 0.5;
const REACH_PER_SECOND = 5;
const MAX_REACH = 1.5;
const MAX_SIZE_RATIO = 1.6;

/** Where a track expects its face now, where the face was last, and how long ago that was. */
export interface Expectation {
  readonly predicted: Box;
  readonly last: Box;
  readonly secondsAgo: number;
}

/**
 * Pairs expected faces with detections, best pair first: pairs that overlap enough, then those that are in reach.
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

/**
 * How well a detection fits: 1 to 2 when the boxes overlap enough, 0 to 1 when it is in reach, 0 when it is another
 * face.
 */
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
