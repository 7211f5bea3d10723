import {
  type BundleFacts,
  type ClipVariant,
  type Combine,
  isCalibrated,
  type Opinion,
  type Result,
} from '@styleflow/contracts';
import { combineOpinions } from '@styleflow/scoring';
import type { ScoreSheet } from './read-scores.js';

/** What is known of each re-encoding of the clips. */
export type VariantSheets<Sheet> = Readonly<Record<ClipVariant, Sheet>>;

/** One bundle and what it made of the clips. */
export interface JudgedScores {
  readonly bundle: BundleFacts;
  readonly scores: Omit<ScoreSheet, 'isDamaged'>;
  /** Only where the verdict's stability was asked for. */
  readonly variants?: VariantSheets<Omit<ScoreSheet, 'isDamaged'>> | undefined;
  /** Why it gives no opinion; only of one of several. */
  readonly leftOut?: NonNullable<Opinion['leftOut']> | undefined;
}

/** What one bundle says of the job. */
export interface BundleView extends Pick<JudgedScores, 'leftOut'> {
  readonly faces: Result['faces'];
  readonly verdict: Result['verdict'];
  readonly partial: boolean;
  readonly model: Result['model'];
  readonly stability?: Result['stability'];
}

/** The opinions of several bundles and what becomes of them; without a wish by the mean where all are calibrated. */
export function combineAll(
  views: readonly BundleView[],
  wish: Combine | undefined,
): { opinions: Opinion[]; verdict: Result['verdict']; combined: NonNullable<Result['combined']> } {
  const rule = wish ?? (views.every(({ model }) => isCalibrated(model)) ? 'mean' : 'majority');
  const ballots = views.map(({ model, verdict, leftOut }) => ({
    bundle: model.bundle,
    verdict: leftOut === undefined ? verdict : null,
  }));
  return { opinions: views.map(opinionOf), ...combineOpinions(ballots, rule) };
}

/** What was scored of a bundle that was left out stands in no result. */
function opinionOf({ model, verdict, partial, faces, leftOut, stability }: BundleView): Opinion {
  if (leftOut !== undefined) return { model, partial, leftOut, faces: [] };
  return {
    model,
    verdict,
    partial,
    ...(stability && { stability }),
    faces: faces.map(({ track, score, clips }) => ({
      track,
      score,
      clips: clips.map((clip) => ({ index: clip.index, logit: clip.logit, score: clip.score })),
    })),
  };
}
