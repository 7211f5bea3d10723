import { rocPoints } from '../metrics/roc.js';
import { countsOf, type LabelledScore } from '../metrics/score-counts.js';
import { fewestNeeded, mostAllowed } from './binomial.js';

/** A threshold and what it does to the scores that it was taken from. */
export interface ChosenThreshold {
  /** 0..1; from it on a score is called fake. */
  readonly threshold: number;
  readonly fpr: number;
  readonly tpr: number;
}

/** The threshold with the greatest TPR − FPR (Youden's index); of equals the highest, which accuses fewer. */
export function youdenThreshold(items: readonly LabelledScore[]): ChosenThreshold {
  return bestBy(items, ({ fpr, tpr }) => tpr - fpr);
}

export interface Costs {
  /** Of a real video that is called fake. */
  readonly falsePositive: number;
  /** Of a fake that is called real. */
  readonly falseNegative: number;
  /** The share of fakes among the videos to come; that of the run may be another. */
  readonly fakeShare: number;
}

/** The threshold with the lowest expected cost. It may lie above all scores, when accusing costs too much. */
export function costThreshold(
  items: readonly LabelledScore[],
  { falsePositive, falseNegative, fakeShare }: Costs,
): ChosenThreshold {
  return bestBy(
    items,
    ({ fpr, tpr }) => -(falsePositive * fpr * (1 - fakeShare) + falseNegative * (1 - tpr) * fakeShare),
  );
}

export interface RateBound {
  /** Highest rate that is accepted, 0..1. */
  readonly rate: number;
  /** How sure that must be, 0..1. */
  readonly confidence: number;
}

/**
 * The lowest threshold whose true false-positive rate is at most `rate`, with the confidence that was asked for, on videos like the
 * run's: it stands just above one of the highest scores of real videos, and which one follows from the binomial distribution alone.
 * Ties only lower the rate.
 * @throws RangeError with a sentence, when the run has too few real videos for such a bound, or their scores leave no room.
 */
export function fprThreshold(items: readonly LabelledScore[], bound: RateBound): ChosenThreshold {
  const reals = items.filter(({ isFake }) => !isFake).map(({ score }) => score);
  const barrier = barrierOf(reals, bound, 'real videos', 'false-positive rate');
  const threshold = above(barrier, items);
  if (threshold === null)
    throw new RangeError('real videos of this run have the score 1: no threshold keeps them from being called fake');
  return describe(items, threshold);
}

/**
 * Two thresholds that leave a doubt between them: above `fake` few real videos, below `real` few fakes, each within the bound. Where the
 * classes lie so far apart that nothing is between, both are the one at `fake`.
 * @throws RangeError as `fprThreshold`, also for too few fakes.
 */
export function doubtThresholds(
  items: readonly LabelledScore[],
  bounds: { readonly fpr: RateBound; readonly fnr: RateBound },
): { readonly real: number; readonly fake: number } {
  const { threshold: fake } = fprThreshold(items, bounds.fpr);
  const fakes = items.filter(({ isFake }) => isFake).map(({ score }) => -score);
  const barrier = -barrierOf(fakes, bounds.fnr, 'fakes', 'rate of missed fakes');
  // A score below `real` is called real, one that is equal is not: the barrier itself may stand.
  return { real: Math.min(fake, barrier), fake };
}

/** The order statistic above which at most as many lie as the bound allows. */
function barrierOf(scores: readonly number[], { rate, confidence }: RateBound, whose: string, what: string): number {
  const allowed = mostAllowed(scores.length, rate, confidence);
  const sorted = [...scores].sort((a, b) => b - a);
  const barrier = sorted[allowed];
  const isShort = allowed < 0;
  if (isShort || barrier === undefined)
    throw new RangeError(
      `a ${what} of at most ${rate} with confidence ${confidence} needs at least ${fewestNeeded(rate, confidence)} scored ${whose}; this run has ${scores.length}`,
    );
  return barrier;
}

/** Just above a score: half-way to the next higher one of the run, or to 1. Null when there is nothing above. */
function above(score: number, items: readonly LabelledScore[]): number | null {
  const next = items.reduce((least, { score: other }) => (other > score && other < least ? other : least), 1);
  if (next <= score) return null;
  const middle = (score + next) / 2;
  return middle > score ? middle : next;
}

function bestBy(
  items: readonly LabelledScore[],
  value: (point: { readonly fpr: number; readonly tpr: number }) => number,
): ChosenThreshold {
  const points = rocPoints(countsOf(items));
  if (points.length === 0) throw new RangeError('a threshold needs scored videos of both classes');
  let best = 0;
  for (const [index, point] of points.entries()) {
    const leader = points[best];
    if (leader !== undefined && value(point) > value(leader)) best = index;
  }
  // Half-way down to the next score: what lies there is decided as before, and a video between the two is met half-way.
  const [from, next] = [points[best]?.threshold ?? 1, points[best + 1]?.threshold ?? 0];
  if (from === Number.POSITIVE_INFINITY) return describe(items, above(next, items) ?? 1);
  const middle = (from + next) / 2;
  return describe(items, middle > next ? middle : from);
}

function describe(items: readonly LabelledScore[], threshold: number): ChosenThreshold {
  const rate = (isFake: boolean): number => {
    const scores = items.filter((item) => item.isFake === isFake);
    const over = scores.filter(({ score }) => score >= threshold).length;
    return scores.length === 0 ? 0 : over / scores.length;
  };
  return { threshold, fpr: rate(false), tpr: rate(true) };
}
