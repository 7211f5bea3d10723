import type { ViewedFace, ViewedResult } from './viewed-job.js';

/** Whose score the video's is, and what the others alone would have given. */
export interface DecisiveFace {
  readonly face: ViewedFace;
  readonly score: number;
  /** Highest score of the other faces; null without any that was scored. */
  readonly otherScore: number | null;
}

/** @returns null when no face was scored. */
export function decisiveFace({ faces }: Pick<ViewedResult, 'faces'>): DecisiveFace | null {
  const [top, next] = faces
    .flatMap((face) => (face.score === null ? [] : [{ face, score: face.score }]))
    .sort((a, b) => b.score - a.score || a.face.track - b.face.track);
  return top ? { ...top, otherScore: next?.score ?? null } : null;
}
