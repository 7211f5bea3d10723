import type { Detection } from '../detection/face-detector.js';
import { boxCentre, boxSize, iou, mixBoxes, mixLandmarks, type Point } from '../geometry/geometry.js';

/** Faces of two looks that overlap by this are one face. */
const MIN_OVERLAP = 0.5;
/**
 * How far, in widths of the face, the points may lie on average from the straight line between two looks before its movement
 * counts as more than that (README "Watching").
 */
const MAX_BEND = 0.03;

/** One face in three looks at a stretch of frames. */
export interface CalmFace {
  readonly first: Detection;
  readonly middle: Detection;
  readonly last: Detection;
}

/**
 * The faces of a stretch in which nothing happens: at its beginning, its middle and its end the same ones are surely seen,
 * and each moves straight on. Order as at the end.
 * @param middlePart where the middle lies between first (0) and last (1).
 * @param sureScore lowest score at which a detection alone counts as a face.
 * @returns null when something happens.
 */
export function calmFaces(
  first: readonly Detection[],
  middle: readonly Detection[],
  last: readonly Detection[],
  middlePart: number,
  sureScore: number,
): CalmFace[] | null {
  if (first.length !== last.length || middle.length !== last.length) return null;
  if ([first, middle, last].some((look) => look.some(({ score }) => score < sureScore))) return null;
  const faces: CalmFace[] = [];
  for (const end of last) {
    const halfway = nearest(middle, end);
    const start = halfway && nearest(first, halfway);
    if (!halfway || !start || bend(start, halfway, end, middlePart) > MAX_BEND) return null;
    if (faces.some((face) => face.middle === halfway || face.first === start)) return null;
    faces.push({ first: start, middle: halfway, last: end });
  }
  return faces;
}

/** What a look between would have found. @param part where it lies between two looks, 0 to 1. */
export function between(from: Detection, to: Detection, part: number): Detection {
  return {
    box: mixBoxes(from.box, to.box, part),
    landmarks: mixLandmarks(from.landmarks, to.landmarks, part),
    score: from.score + (to.score - from.score) * part,
    ...(part > 0 && part < 1 && { isBetween: true as const }),
  };
}

function nearest(detections: readonly Detection[], { box }: Detection): Detection | null {
  let best: Detection | null = null;
  let most = MIN_OVERLAP;
  for (const detection of detections) {
    const overlap = iou(detection.box, box);
    if (overlap < most) continue;
    most = overlap;
    best = detection;
  }
  return best;
}

/** Mean distance of the middle's points and box centre from where a straight movement would have them, in widths of the face. */
function bend(first: Detection, middle: Detection, last: Detection, part: number): number {
  const straight = between(first, last, part);
  const points = (detection: Detection): Point[] => [...detection.landmarks, boxCentre(detection.box)];
  const [expected, found] = [points(straight), points(middle)];
  const sum = expected.reduce((total, [x, y], i) => {
    const [u, v] = found[i] as Point;
    return total + Math.hypot(u - x, v - y);
  }, 0);
  return sum / expected.length / boxSize(middle.box).width;
}
