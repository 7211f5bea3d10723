import {
  type Calibration,
  FACE_FACTS,
  QUALITY_FACTS,
  type Ranges,
  type StyleBand,
  type Thresholds,
  VIDEO_FACTS,
} from '@styleflow/contracts';
import { calibrate } from '@styleflow/scoring';
import { type CalibrationMethod, chooseCalibration, type MethodLoss } from '../calibration/choose-calibration.js';
import {
  type Costs,
  costThreshold,
  doubtThresholds,
  fprThreshold,
  type RateBound,
  youdenThreshold,
} from '../calibration/thresholds.js';
import { type AnswerRule, answeredShareOf, type Confusion, confusionOf } from '../metrics/confusion.js';
import { countsOf } from '../metrics/score-counts.js';
import type { Analysis, JudgedVideo } from './analyse-run.js';
import type { Run } from './run-schemas.js';
import { BAND_VIDEOS_MIN, styleBandOf } from './style-band.js';

export type ThresholdChoice =
  | { readonly by: 'youden' }
  | { readonly by: 'fpr'; readonly bound: RateBound }
  | { readonly by: 'costs'; readonly costs: Costs }
  | { readonly by: 'doubt'; readonly fpr: RateBound; readonly fnr: RateBound };

export interface RunCalibration {
  readonly method: CalibrationMethod;
  readonly calibration: Calibration;
  readonly losses: readonly MethodLoss[];
  readonly threshold: number;
  readonly thresholds: Thresholds | null;
  readonly ranges: Ranges;
  /** Null of bundles without a style branch, and where too few real videos tell it. */
  readonly styleBand: StyleBand | null;
  readonly confusion: Confusion;
  readonly answered: number | null;
  readonly fakes: number;
  readonly reals: number;
  /** How the threshold was chosen, in words. */
  readonly words: string;
  readonly notes: readonly string[];
}

/**
 * What a run of the service's own rule says of scores and thresholds.
 * @throws RangeError with a sentence: for another protocol, no recorded conditions, a run that was not ended, too few videos.
 */
export function calibrateRun(
  run: Run,
  analysis: Analysis,
  { choice, wanted }: { readonly choice: ThresholdChoice; readonly wanted?: CalibrationMethod | undefined },
): RunCalibration {
  if (run.protocol !== 'all-faces')
    throw new RangeError(
      `the run followed the protocol ${run.protocol}, and the service scores by all-faces: thresholds of another rule would lie. Evaluate with --protocol all-faces`,
    );
  if (run.served === null) throw new RangeError('no video of the run has a result');
  if (run.finishedAt === null)
    throw new RangeError('the run has not ended; the same `styleflow evaluate` goes on where it stopped');
  if (!run.served.trained)
    throw new RangeError('the run was scored by an untrained bundle: its scores say nothing, calibrated or not');
  const scored = analysis.counted.filter((each) => each.logit !== null);
  const items = scored.map(({ video, logit }) => ({ isFake: video.isFake, logit: logit ?? 0 }));
  const chosen = chooseCalibration(items, { seed: run.seed, served: run.served.calibration, wanted });
  const scores = items.map(({ isFake, logit }) => ({ isFake, score: calibrate(logit, chosen.calibration) }));
  const rule = chooseRule(scores, choice);
  const counts = countsOf(scores);
  const confusion = confusionOf(counts, rule);
  const notes = [...chosen.notes];
  if (!scores.some(({ score }) => score >= rule.fake))
    notes.push('no video of the run reaches the threshold: such a bundle calls nothing fake');
  if (!scores.some(({ score }) => score < rule.real)) notes.push('no video of the run is called real');
  const styleBand = styleBandOf(scored);
  if (styleBand === null && run.served.variant === 'style-content')
    notes.push(`no band of the style flow: that takes ${BAND_VIDEOS_MIN} real videos of a run that kept it`);
  return {
    method: chosen.method,
    calibration: chosen.calibration,
    losses: chosen.losses,
    threshold: rule.fake,
    thresholds: choice.by === 'doubt' ? rule : null,
    ranges: rangesOf(scored),
    styleBand,
    confusion,
    answered: answeredShareOf(confusion),
    fakes: counts.fakeTotal,
    reals: counts.realTotal,
    words: `${chosen.method}; threshold ${choiceWords(choice)}`,
    notes,
  };
}

function chooseRule(scores: readonly { isFake: boolean; score: number }[], choice: ThresholdChoice): AnswerRule {
  const single = ({ threshold }: { threshold: number }): AnswerRule => ({ real: threshold, fake: threshold });
  switch (choice.by) {
    case 'youden':
      return single(youdenThreshold(scores));
    case 'fpr':
      return single(fprThreshold(scores, choice.bound));
    case 'costs':
      return single(costThreshold(scores, choice.costs));
    case 'doubt':
      return doubtThresholds(scores, choice);
  }
}

export function choiceWords(choice: ThresholdChoice): string {
  const bound = ({ rate, confidence }: RateBound): string => `at most ${rate} (confidence ${confidence})`;
  switch (choice.by) {
    case 'youden':
      return "by Youden's index";
    case 'fpr':
      return `by a false-positive rate of ${bound(choice.bound)}`;
    case 'costs':
      return `by costs: ${choice.costs.falsePositive} a false positive, ${choice.costs.falseNegative} a missed fake, ${choice.costs.fakeShare} of the videos fakes`;
    case 'doubt':
      return `two, by a false-positive rate of ${bound(choice.fpr)} and a rate of missed fakes of ${bound(choice.fnr)}`;
  }
}

/** By fact the lowest and the highest value of the run's scored videos and their scored faces. */
function rangesOf(scored: readonly JudgedVideo[]): Ranges {
  const values = new Map<string, number[]>(QUALITY_FACTS.map((fact) => [fact, []]));
  for (const { outcome } of scored) {
    for (const fact of VIDEO_FACTS) values.get(fact)?.push(...present(outcome.quality?.[fact]));
    for (const { quality, logits } of outcome.faces) {
      if (!logits.some((logit) => logit !== null)) continue;
      for (const fact of FACE_FACTS) values.get(fact)?.push(...present(quality?.[fact]));
    }
  }
  return Object.fromEntries(
    [...values]
      .filter(([, seen]) => seen.length > 0)
      .map(([fact, seen]) => [fact, [lowest(seen), highest(seen)] as [number, number]]),
  );
}

function present(value: number | null | undefined): number[] {
  return value === null || value === undefined ? [] : [value];
}

function lowest(values: readonly number[]): number {
  return values.reduce((least, value) => Math.min(least, value));
}

function highest(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, value));
}
