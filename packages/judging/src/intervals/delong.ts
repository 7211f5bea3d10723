import { twoSidedTail } from './normal.js';

/** Two detectors' scores of the same videos. */
export interface PairedScores {
  readonly isFake: readonly boolean[];
  readonly first: readonly number[];
  readonly second: readonly number[];
}

export interface DelongTest {
  readonly first: number;
  readonly second: number;
  /** second − first. */
  readonly difference: number;
  readonly standardError: number;
  /** Null when the difference has no variance: the two rank every pair alike. */
  readonly z: number | null;
  readonly p: number;
}

interface Components {
  readonly auc: number;
  /** By fake: the share of real videos that it outscores, a tie counting half. */
  readonly fakes: Float64Array;
  /** By real video: the share of fakes that outscore it. */
  readonly reals: Float64Array;
}

/**
 * Whether two detectors' AUC on the same videos differ by more than chance: the test of DeLong, DeLong and Clarke-Pearson (1988),
 * from mid-ranks (Sun and Xu, 2014), which is quick and exact with ties.
 * @throws RangeError unless there are two videos of each class.
 */
export function delongTest({ isFake, first, second }: PairedScores): DelongTest {
  const a = components(first, isFake);
  const b = components(second, isFake);
  const variance = varianceOf(a.fakes, b.fakes) / a.fakes.length + varianceOf(a.reals, b.reals) / a.reals.length;
  const difference = b.auc - a.auc;
  const standardError = Math.sqrt(Math.max(0, variance));
  const z = standardError < 1e-15 ? null : difference / standardError;
  return { first: a.auc, second: b.auc, difference, standardError, z, p: z === null ? 1 : twoSidedTail(z) };
}

/** The variance of one AUC, by the same method. */
export function delongVariance(scores: readonly number[], isFake: readonly boolean[]): number {
  const { fakes, reals } = components(scores, isFake);
  const zero = new Float64Array(Math.max(fakes.length, reals.length));
  return (
    varianceOf(zero.subarray(0, fakes.length), fakes) / fakes.length +
    varianceOf(zero.subarray(0, reals.length), reals) / reals.length
  );
}

function components(scores: readonly number[], isFake: readonly boolean[]): Components {
  const fakes = scores.filter((_, index) => isFake[index]);
  const reals = scores.filter((_, index) => !isFake[index]);
  if (fakes.length < 2 || reals.length < 2) throw new RangeError('the test needs two videos of each class');
  const all = midRanks([...fakes, ...reals]);
  const amongFakes = midRanks(fakes);
  const amongReals = midRanks(reals);
  const won = Float64Array.from(fakes, (_, i) => ((all[i] as number) - (amongFakes[i] as number)) / reals.length);
  const lost = Float64Array.from(
    reals,
    (_, i) => 1 - ((all[fakes.length + i] as number) - (amongReals[i] as number)) / fakes.length,
  );
  return { auc: won.reduce((sum, each) => sum + each, 0) / fakes.length, fakes: won, reals: lost };
}

/** Ranks from 1; equal values share the mean of theirs. */
function midRanks(values: readonly number[]): Float64Array {
  const order = Uint32Array.from(values.keys()).sort((a, b) => (values[a] as number) - (values[b] as number));
  const ranks = new Float64Array(values.length);
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    while (end < order.length && values[order[end] as number] === values[order[start] as number]) end++;
    for (let place = start; place < end; place++) ranks[order[place] as number] = (start + end + 1) / 2;
    start = end;
  }
  return ranks;
}

/** Sample variance of b − a. */
function varianceOf(a: Float64Array, b: Float64Array): number {
  const differences = b.map((each, i) => each - (a[i] as number));
  const mean = differences.reduce((sum, each) => sum + each, 0) / differences.length;
  return differences.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (differences.length - 1);
}
