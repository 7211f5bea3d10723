import { calibrate } from '@styleflow/scoring';
import { chooseCalibration } from './calibration/choose-calibration.js';
import { doubtThresholds, fprThreshold } from './calibration/thresholds.js';
import { bootstrapIntervals } from './intervals/bootstrap.js';
import { seededDraws } from './intervals/seeded-draws.js';
import { areaUnderRoc } from './metrics/roc.js';

/** Two normal distributions of logits, of deviation 1, whose means lie this far apart: the truth is known exactly. */
const APART = 1.2;

/** The share of simulations whose interval of AUC holds the truth: 0.95 is promised. */
export function simulateCoverage({ simulations, videos, samples, seed }: CoverageOptions): number {
  const truth = normalCdf(APART / Math.SQRT2);
  const random = seededDraws(seed);
  let covered = 0;
  for (let turn = 0; turn < simulations; turn++) {
    const units = Array.from({ length: videos }, (_, index) => {
      const isFake = index % 2 === 0;
      return { isFake, scores: [normalDraw(random) + (isFake ? APART : 0)] };
    });
    const [interval] = bootstrapIntervals(units, (counts) => [areaUnderRoc(counts)], { seed: seed + turn, samples });
    if (interval && interval.low <= truth && truth <= interval.high) covered += 1;
  }
  return covered / simulations;
}

export interface CoverageOptions {
  readonly simulations: number;
  readonly videos: number;
  readonly samples: number;
  readonly seed: number;
}

export interface BoundOptions {
  readonly simulations: number;
  readonly videos: number;
  readonly rate: number;
  readonly seed: number;
}

export interface BoundFigures {
  /** The share of simulations whose true false-positive rate is within the bound: 0.95 is promised. */
  readonly heldShare: number;
  readonly meanFpr: number;
  /** With two thresholds, the mean share of videos that get an answer. */
  readonly answeredShare: number;
}

/** Calibrates on made videos with a bound on the false-positive rate (confidence 0.95), and takes the true rate of new ones. */
export function simulateBound({ simulations, videos, rate, seed }: BoundOptions): BoundFigures {
  const random = seededDraws(seed);
  const draw = (isFake: boolean): number => normalDraw(random) + (isFake ? APART : 0);
  const bound = { rate, confidence: 0.95 };
  let [held, fprSum, answeredSum] = [0, 0, 0];
  for (let turn = 0; turn < simulations; turn++) {
    const items = Array.from({ length: videos }, (_, index) => ({
      isFake: index % 2 === 0,
      logit: draw(index % 2 === 0),
    }));
    const { calibration } = chooseCalibration(items, { seed: seed + turn, served: { a: 1, b: 0 } });
    const scored = items.map(({ isFake, logit }) => ({ isFake, score: calibrate(logit, calibration) }));
    const { threshold } = fprThreshold(scored, bound);
    const at = (score: number): number => lowestLogit((logit) => calibrate(logit, calibration) >= score);
    const fpr = 1 - normalCdf(at(threshold));
    if (fpr <= rate) held += 1;
    fprSum += fpr;
    const { real, fake } = doubtThresholds(scored, { fpr: bound, fnr: bound });
    const doubt = (mean: number): number => Math.max(0, normalCdf(at(fake) - mean) - normalCdf(at(real) - mean));
    answeredSum += 1 - (doubt(0) + doubt(APART)) / 2;
  }
  return { heldShare: held / simulations, meanFpr: fprSum / simulations, answeredShare: answeredSum / simulations };
}

/** The lowest logit, to a millionth, from which on the rule holds; calibrations only rise. */
function lowestLogit(holds: (logit: number) => boolean): number {
  let [low, high] = [-20, 20];
  while (high - low > 1e-6) {
    const middle = (low + high) / 2;
    if (holds(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** Box and Muller. */
function normalDraw(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** By Simpson's rule; to 1e-10. */
function normalCdf(x: number): number {
  const density = (t: number): number => Math.exp((-t * t) / 2) / Math.sqrt(2 * Math.PI);
  const from = -9;
  if (x <= from) return 0;
  const steps = 600;
  const width = (x - from) / steps;
  let sum = density(from) + density(x);
  for (let i = 1; i < steps; i++) sum += density(from + i * width) * (i % 2 === 0 ? 2 : 4);
  return (sum * width) / 3;
}
