import { areaUnderRoc } from '../metrics/roc.js';
import { countScores, rankScores, type ScoreCounts } from '../metrics/score-counts.js';
import {
  BOOTSTRAP_SAMPLES,
  type BootstrapOptions,
  type Interval,
  percentiles,
  type Unit,
  unitDraws,
} from './bootstrap.js';
import type { PairedScores } from './delong.js';

/** second − first of one figure, with its interval; both null where the figure has no meaning. */
export interface PairedDifference {
  readonly difference: number | null;
  readonly interval: Interval | null;
}

/**
 * How a figure differs between two detectors on the same videos: each sample draws the same videos for both, so what is hard for both
 * does not blur the difference.
 */
export function pairedBootstrap(
  { isFake, first, second }: PairedScores,
  { seed, samples = BOOTSTRAP_SAMPLES, level = 0.95 }: BootstrapOptions,
  figure: (counts: ScoreCounts) => number | null = areaUnderRoc,
): PairedDifference {
  const units = isFake.map((fake): Unit => ({ isFake: fake, scores: [] }));
  const rank = (scores: readonly number[]) =>
    rankScores(scores.map((score, index) => ({ score, isFake: isFake[index] === true })));
  const [one, other] = [rank(first), rank(second)];
  const differenceOf = (weights?: Float64Array): number | null => {
    const before = figure(countScores(one, weights));
    const after = figure(countScores(other, weights));
    return before === null || after === null ? null : after - before;
  };
  const draw = unitDraws(units, seed);
  const differences: number[] = [];
  for (let sample = 0; sample < samples; sample++) {
    const difference = differenceOf(draw());
    if (difference !== null) differences.push(difference);
  }
  const isEnough = differences.length > samples / 2;
  return { difference: differenceOf(), interval: isEnough ? percentiles(differences, level) : null };
}
