import { type AnswerRule, accuracyOf, answeredShareOf, balancedAccuracyOf, confusionOf } from './confusion.js';
import { averagePrecision } from './precision-recall.js';
import { brierScore, calibrationError } from './probability-errors.js';
import { areaUnderRoc, equalErrorRate, tprAtFpr } from './roc.js';
import type { ScoreCounts } from './score-counts.js';

/** The figures of every table, in its order. */
export const MEASURES = [
  'auc',
  'ap',
  'eer',
  'accuracy',
  'balancedAccuracy',
  'tprAt1Fpr',
  'tprAt5Fpr',
  'brier',
  'calibrationError',
  'answered',
] as const;
export type Measure = (typeof MEASURES)[number];

/** Each 0..1; null where it has no meaning, as AUC with one class only. */
export type Measures = Readonly<Record<Measure, number | null>>;

/** @param answerable the counts of those that may get an answer, where some may not: outside of a calibration, say. */
export function measureCounts(counts: ScoreCounts, rule: AnswerRule, answerable: ScoreCounts = counts): Measures {
  const confusion = confusionOf(answerable, rule);
  const total = counts.fakeTotal + counts.realTotal;
  const mayAnswer = total === 0 ? 0 : (answerable.fakeTotal + answerable.realTotal) / total;
  const answered = answeredShareOf(confusion);
  return {
    auc: areaUnderRoc(counts),
    ap: averagePrecision(counts),
    eer: equalErrorRate(counts),
    accuracy: accuracyOf(confusion),
    balancedAccuracy: balancedAccuracyOf(confusion),
    tprAt1Fpr: tprAtFpr(counts, 0.01),
    tprAt5Fpr: tprAtFpr(counts, 0.05),
    brier: brierScore(counts),
    calibrationError: calibrationError(counts),
    answered: total === 0 ? null : (answered ?? 0) * mayAnswer,
  };
}
