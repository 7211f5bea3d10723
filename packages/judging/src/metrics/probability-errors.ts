import type { ScoreCounts } from './score-counts.js';

/** Bins of equal width for the calibration error and the reliability picture. */
export const RELIABILITY_BINS = 10;

export interface ReliabilityBin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  /** Mean score in the bin, null when it is empty. */
  readonly meanScore: number | null;
  /** Share of fakes in the bin, null when it is empty. */
  readonly fakeShare: number | null;
}

/** The mean squared distance between score and truth (0 real, 1 fake). Null without scores. */
export function brierScore({ scores, fakes, reals, fakeTotal, realTotal }: ScoreCounts): number | null {
  const total = fakeTotal + realTotal;
  if (total === 0) return null;
  let sum = 0;
  for (let place = 0; place < scores.length; place++) {
    const score = scores[place] as number;
    sum += (fakes[place] as number) * (1 - score) ** 2 + (reals[place] as number) * score ** 2;
  }
  return sum / total;
}

/** What the scores promised and what held, bin by bin. A score on an edge belongs to the bin above; 1 to the last. */
export function reliabilityBins({ scores, fakes, reals }: ScoreCounts): ReliabilityBin[] {
  const bins = Array.from({ length: RELIABILITY_BINS }, () => ({ count: 0, score: 0, fakes: 0 }));
  for (let place = 0; place < scores.length; place++) {
    const score = scores[place] as number;
    const bin = bins[Math.min(RELIABILITY_BINS - 1, Math.max(0, Math.floor(score * RELIABILITY_BINS)))];
    if (bin === undefined) continue;
    const fake = fakes[place] as number;
    const weight = fake + (reals[place] as number);
    bin.count += weight;
    bin.score += weight * score;
    bin.fakes += fake;
  }
  return bins.map(({ count, score, fakes: fake }, index) => ({
    from: index / RELIABILITY_BINS,
    to: (index + 1) / RELIABILITY_BINS,
    count,
    meanScore: count === 0 ? null : score / count,
    fakeShare: count === 0 ? null : fake / count,
  }));
}

/** Expected calibration error: the distance between mean score and share of fakes in a bin, weighed by the bins' sizes. */
export function calibrationError(counts: ScoreCounts): number | null {
  const total = counts.fakeTotal + counts.realTotal;
  if (total === 0) return null;
  const off = reliabilityBins(counts).map(({ count, meanScore, fakeShare }) =>
    meanScore === null || fakeShare === null ? 0 : count * Math.abs(meanScore - fakeShare),
  );
  return off.reduce((sum, each) => sum + each, 0) / total;
}
