import { type Box, iou } from './geometry.js';

/** Numbers that belong to one candidate face: its box, its score and its key points as one flat list of coordinates. */
export interface Candidate {
  readonly box: Box;
  readonly score: number;
  readonly points: readonly number[];
}

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
  return kept;
}

function blend(group: readonly Candidate[]): { box: Box; points: number[] } {
  const total = group.reduce((sum, { score }) => sum + score, 0);
  const mean = (read: (candidate: Candidate) => number) =>
    group.reduce((sum, candidate) => sum + candidate.score * read(candidate), 0) / total;
  const points = Array.from(group[0]?.points ?? [], (_, i) => mean((candidate) => candidate.points[i] ?? 0));
  return { box: [mean((c) => c.box[0]), mean((c) => c.box[1]), mean((c) => c.box[2]), mean((c) => c.box[3])], points };
}
