import type { Calibration } from '@styleflow/contracts';
import { calibrate } from '@styleflow/scoring';
import { seededDraws } from '../intervals/seeded-draws.js';
import { fitIsotonic, keepInside } from './isotonic.js';
import { fitPlatt, type LabelledLogit } from './platt.js';

export type CalibrationMethod = 'platt' | 'isotonic';

export interface MethodLoss {
  readonly method: CalibrationMethod | 'none';
  /** Mean cross entropy of videos that the fit was not shown; null for a method that was not tried. */
  readonly loss: number | null;
}

export interface ChosenCalibration {
  readonly method: CalibrationMethod;
  readonly calibration: Calibration;
  /** How they compare, what is served today among them as `none`. */
  readonly losses: readonly MethodLoss[];
  /** Sentences on what could not be done. */
  readonly notes: readonly string[];
}

/** Steps need enough videos on either side; below this they only repeat the run. */
export const ISOTONIC_FROM = 50;
/** Each class must be in each part of the data. */
export const FEWEST_PER_CLASS = 5;
const FOLDS = 5;

/**
 * Fits the calibration that does best on videos it was not shown (five-fold cross-validation, classes spread evenly). Platt's is
 * taken unless isotonic steps are better and there are enough videos for them.
 * @param wanted fixes the method
 * @throws RangeError with a sentence, for too few videos, or scores that do not rise with fakes.
 */
export function chooseCalibration(
  items: readonly LabelledLogit[],
  { seed, served, wanted }: { seed: number; served: Calibration; wanted?: CalibrationMethod | undefined },
): ChosenCalibration {
  const fakes = items.filter(({ isFake }) => isFake).length;
  const fewest = Math.min(fakes, items.length - fakes);
  if (fewest < FEWEST_PER_CLASS)
    throw new RangeError(
      `calibration needs at least ${FEWEST_PER_CLASS} scored videos of each class; there are ${fakes} fakes and ${items.length - fakes} real ones`,
    );
  const platt = fitPlatt(items);
  if (!(platt.a > 0))
    throw new RangeError(
      'the scores of this run do not rise from real to fake: no calibration makes a detector of them',
    );
  const mayStep = fewest >= ISOTONIC_FROM;
  if (wanted === 'isotonic' && !mayStep) throw new RangeError(tooFew(fewest));
  const folds = spreadFolds(items, seed);
  const lossOf = (fit: (shown: readonly LabelledLogit[]) => Calibration): number => crossLoss(items, folds, fit);
  const losses: MethodLoss[] = [
    { method: 'none', loss: lossOf(() => served) },
    { method: 'platt', loss: lossOf(fitPlatt) },
    { method: 'isotonic', loss: mayStep ? lossOf(fitSteps) : null },
  ];
  const [, ofPlatt, ofSteps] = losses.map(({ loss }) => loss ?? Number.POSITIVE_INFINITY);
  const method = wanted ?? ((ofSteps as number) < (ofPlatt as number) ? 'isotonic' : 'platt');
  return {
    method,
    calibration: method === 'platt' ? platt : fitSteps(items),
    losses,
    notes: mayStep ? [] : [tooFew(fewest)],
  };
}

function tooFew(fewest: number): string {
  return `isotonic calibration was not tried: it needs ${ISOTONIC_FROM} videos of each class, and there are ${fewest} of one`;
}

function fitSteps(items: readonly LabelledLogit[]): Calibration {
  return { points: keepInside(fitIsotonic(items), 1 / (items.length + 2)) };
}

/** By item the fold in which it is held back. */
function spreadFolds(items: readonly LabelledLogit[], seed: number): number[] {
  const random = seededDraws(seed);
  const folds = new Array<number>(items.length).fill(0);
  for (const isFake of [true, false]) {
    const drawn = [...items.keys()]
      .filter((index) => items[index]?.isFake === isFake)
      .map((index) => ({ index, at: random() }))
      .sort((a, b) => a.at - b.at);
    for (const [turn, { index }] of drawn.entries()) folds[index] = turn % FOLDS;
  }
  return folds;
}

function crossLoss(
  items: readonly LabelledLogit[],
  folds: readonly number[],
  fit: (shown: readonly LabelledLogit[]) => Calibration,
): number {
  let sum = 0;
  for (let fold = 0; fold < FOLDS; fold++) {
    const calibration = fit(items.filter((_, index) => folds[index] !== fold));
    for (const [index, { logit, isFake }] of items.entries()) {
      if (folds[index] !== fold) continue;
      const score = calibrate(logit, calibration);
      sum -= Math.log(Math.max(1e-15, isFake ? score : 1 - score));
    }
  }
  return sum / items.length;
}
