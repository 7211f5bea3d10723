import type { Verdict } from '@styleflow/contracts';

export interface Evidence {
  /** The job's score; null when no clip was scored. */
  readonly score: number | null;
  /** How many face tracks were found, the shortest included. */
  readonly tracks: number;
  readonly bundle: { readonly trained: boolean; readonly threshold: number };
}

/**
 * The verdict on one video: `fake` when the score reaches the bundle's threshold, else `real`. Without a scored face it
 * is `inconclusive`, with the reason. It is so, too, with weights that were never trained: their score is shown, but
 * means nothing.
 */
export function decide({ score, tracks, bundle }: Evidence): Verdict {
  const { threshold } = bundle;
  if (score === null) {
    return { label: 'inconclusive', reason: tracks === 0 ? 'no_face' : 'face_too_short', score, threshold };
  }
  if (!bundle.trained) return { label: 'inconclusive', reason: 'untrained_bundle', score, threshold };
  return { label: score >= threshold ? 'fake' : 'real', score, threshold };
}
