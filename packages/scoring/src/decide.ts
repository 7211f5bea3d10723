import type { Outside, Thresholds, Verdict } from '@styleflow/contracts';

export interface Evidence {
  /** The job's score; null when no clip was scored. */
  readonly score: number | null;
  /** How many face tracks were found, the shortest included. */
  readonly tracks: number;
  readonly bundle: {
    readonly trained: boolean;
    readonly threshold: number;
    readonly thresholds?: Thresholds | undefined;
  };
  /** In what the video, or what was asked for, differs from what the bundle was calibrated on. */
  readonly outside?: readonly Outside[];
}

/**
 * The verdict on one video: `fake` when the score reaches the bundle's threshold, else `real`; with two thresholds neither between
 * them. Without a scored face it is `inconclusive`, with the reason. It is so, too, with weights that were never trained, whose score
 * is shown, but means nothing, and for what lies outside of the bundle's calibration, whatever the score.
 */
export function decide({ score, tracks, bundle, outside = [] }: Evidence): Verdict {
  const { threshold, thresholds } = bundle;
  const rule = { score, threshold, ...(thresholds && { thresholds }) };
  if (score === null) {
    return { label: 'inconclusive', reason: tracks === 0 ? 'no_face' : 'face_too_short', ...rule };
  }
  if (!bundle.trained) return { label: 'inconclusive', reason: 'untrained_bundle', ...rule };
  if (outside.length > 0) {
    return { label: 'inconclusive', reason: 'outside_calibration', ...rule, outside: [...outside] };
  }
  const { real, fake } = thresholds ?? { real: threshold, fake: threshold };
  if (score >= fake) return { label: 'fake', ...rule };
  return score < real ? { label: 'real', ...rule } : { label: 'inconclusive', reason: 'score_in_doubt', ...rule };
}
