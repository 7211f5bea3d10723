import { type Box, iou } from '../geometry/geometry.js';

/** A place that may be a face. Its key points are one flat list of coordinates: x, y, x, y, … */
export interface Candidate {
  readonly box: Box;
  readonly score: number;
  readonly points: readonly number[];
}

/** Two boxes are one face when more than this share of the smaller one lies inside the other. */
const MAX_INSIDE = 0.7;

/**
 * Weighted non-maximum suppression. Candidates that overlap the best one by more than `overlap` become one, with the
 * best score. Its box and points are the group's mean, weighted by score: it shakes less from frame to frame than the
 * best candidate alone. Source: the BlazeFace paper (Bazarevsky et al., 2019), section 3.4, "blending".
 * @returns best first.
 */
export function weightedNms(candidates: readonly Candidate[], overlap: number): Candidate[] {
  let rest = [...candidates].sort((a, b) => b.score - a.score);
  const kept: Candidate[] = [];
  for (let best = rest[0]; best !== undefined; best = rest[0]) {
    const { box } = best;
    const group = rest.filter((other) => other === best || iou(box, other.box) > overlap);
    kept.push({ ...blend(group), score: best.score });
    rest = rest.filter((other) => !group.includes(other));
  }
  return suppressOverlaps(
    kept,
    ({ box }) => box,
    ({ score }) => score,
    overlap,
  );
}

/**
 * Keeps the best of those that overlap by more than `overlap`, or of which one lies mostly inside the other.
 * @returns best first.
 */
export function suppressOverlaps<T>(
  all: readonly T[],
  boxOf: (one: T) => Box,
  scoreOf: (one: T) => number,
  overlap: number,
): T[] {
  const kept: T[] = [];
  for (const one of [...all].sort((a, b) => scoreOf(b) - scoreOf(a))) {
    const box = boxOf(one);
    if (!kept.some((better) => iou(box, boxOf(better)) > overlap || isMostlyInside(box, boxOf(better)))) kept.push(one);
  }
  return kept;
}

/** Whether one box lies mostly inside the other. No face holds another one, so both must be meant for the same face. */
function isMostlyInside(a: Box, b: Box): boolean {
  const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  const smaller = Math.min((a[2] - a[0]) * (a[3] - a[1]), (b[2] - b[0]) * (b[3] - b[1]));
  return width > 0 && height > 0 && width * height > MAX_INSIDE * smaller;
}

function blend(group: readonly Candidate[]): { box: Box; points: number[] } {
  const total = group.reduce((sum, { score }) => sum + score, 0);
  const mean = (read: (candidate: Candidate) => number) =>
    group.reduce((sum, candidate) => sum + candidate.score * read(candidate), 0) / total;
  const points = Array.from(group[0]?.points ?? [], (_, i) => mean((candidate) => candidate.points[i] ?? 0));
  return { box: [mean((c) => c.box[0]), mean((c) => c.box[1]), mean((c) => c.box[2]), mean((c) => c.box[3])], points };
}
