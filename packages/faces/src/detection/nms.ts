import { type Box, iou } from '../geometry/geometry.js';

/** Numbers that belong to one candidate face: its box, its score and its key points as one flat list of coordinates. */
export interface Candidate {
  readonly box: Box;
  readonly score: number;
  readonly points: readonly number[];
}

/** Share of the smaller box that may lie in a better one. */
const MAX_INSIDE = 0.7;

/**
 * Weighted non-maximum suppression: of each group that overlaps its best candidate by more than `overlap`, the box and the
 * points are the mean weighted by score, which shakes less from frame to frame than the best one alone. Keeps its score.
 * Source: the BlazeFace paper (Bazarevsky et al., 2019), section 3.4, "blending".
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
 * Keeps the best of all that overlap by more than `overlap` or of which one lies mostly in the other.
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

/** A face does not hold another: of two boxes of which one lies mostly in the other, the surer one is meant. */
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
