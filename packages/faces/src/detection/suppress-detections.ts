import type { Box } from '../geometry/geometry.js';
import type { Detection } from './face-detector.js';

export interface DetectionLimits {
  /** Faces with a lower score are not reported. */
  readonly minScore: number;
  /** Most proposals that are compared with each other, best first: a bound for the time. */
  readonly maxCandidates: number;
  /** When two boxes overlap by more than this, the one with the lower score is dropped. */
  readonly overlap: number;
  /** Most faces that are reported of one frame, best first. */
  readonly maxFaces: number;
}

/**
 * Greedy non-maximum suppression: one detection for each face. Proposals with coordinates that are not finite are left
 * out.
 * @param overlapOf intersection over union, as the detector's authors compute it.
 * @returns best first.
 */
export function suppressDetections(
  found: readonly Detection[],
  { maxCandidates, overlap, maxFaces }: DetectionLimits,
  overlapOf: (a: Box, b: Box) => number,
): Detection[] {
  const sound = found.filter(({ box, landmarks }) => [...box, ...landmarks.flat()].every(Number.isFinite));
  sound.sort((a, b) => b.score - a.score);
  const kept: Detection[] = [];
  for (const one of sound.slice(0, maxCandidates)) {
    if (kept.length === maxFaces) break;
    if (!kept.some((better) => overlapOf(better.box, one.box) > overlap)) kept.push(one);
  }
  return kept;
}

/**
 * Intersection over union as RetinaFace and SCRFD compute it: both corners count as pixels, so each side is 1 longer.
 */
export function wideOverlap(a: Box, b: Box): number {
  const area = ([x1, y1, x2, y2]: Box): number => (x2 - x1 + 1) * (y2 - y1 + 1);
  const width = Math.max(0, Math.min(a[2], b[2]) - Math.max(a[0], b[0]) + 1);
  const height = Math.max(0, Math.min(a[3], b[3]) - Math.max(a[1], b[1]) + 1);
  const both = width * height;
  return both / (area(a) + area(b) - both);
}
