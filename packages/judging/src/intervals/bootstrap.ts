import { countScores, type LabelledScore, rankScores, type ScoreCounts } from '../metrics/score-counts.js';
import { seededDraws } from './seeded-draws.js';

/** A video with its scores: one, or one for each clip. All its scores are drawn together, since they hang together. */
export interface Unit {
  readonly isFake: boolean;
  readonly scores: readonly number[];
  /** Videos are drawn among those of their class and stratum, so that every sample has as many of each. */
  readonly stratum?: string;
  /** True for a video that gets no answer whatever its score is. */
  readonly isWithheld?: boolean;
}

export interface BootstrapOptions {
  readonly seed: number;
  readonly samples?: number;
  /** 0.95: the truth lies within in 95 of 100 such experiments. */
  readonly level?: number;
}

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** So many samples put the ends of a 95 % interval within a tenth of its length. */
export const BOOTSTRAP_SAMPLES = 1000;

/**
 * Intervals of any figures of labelled scores, by drawing videos again with replacement, within class and stratum (percentiles).
 * @param figures each figure of a sample, from the counts of all its videos and of those that may get an answer; null where it has no
 * meaning
 * @returns for each figure its interval; null where most samples have none, and with fewer than two videos of either class present
 */
export function bootstrapIntervals(
  units: readonly Unit[],
  figures: (counts: ScoreCounts, answerable: ScoreCounts) => readonly (number | null)[],
  { seed, samples = BOOTSTRAP_SAMPLES, level = 0.95 }: BootstrapOptions,
): (Interval | null)[] {
  const items: LabelledScore[] = units.flatMap(({ isFake, scores }) => scores.map((score) => ({ score, isFake })));
  const ranking = rankScores(items);
  const owners = Uint32Array.from(units.flatMap(({ scores }, unit) => scores.map(() => unit)));
  const weights = new Float64Array(items.length);
  const isWithheld = units.map((unit) => unit.isWithheld === true);
  const answerable = isWithheld.includes(true) ? new Float64Array(items.length) : null;
  const draw = unitDraws(units, seed);
  const figuresOf = (times: ArrayLike<number>): readonly (number | null)[] => {
    for (let item = 0; item < owners.length; item++) {
      const owner = owners[item] as number;
      weights[item] = times[owner] as number;
      if (answerable !== null) answerable[item] = isWithheld[owner] === true ? 0 : (times[owner] as number);
    }
    const counts = countScores(ranking, weights);
    return figures(counts, answerable === null ? counts : countScores(ranking, answerable));
  };
  const width = figuresOf(new Float64Array(units.length).fill(1)).length;
  const drawn: number[][] = Array.from({ length: width }, () => []);
  for (let sample = 0; sample < samples; sample++) {
    for (const [index, figure] of figuresOf(draw()).entries()) {
      if (figure !== null) drawn[index]?.push(figure);
    }
  }
  const isEnough = [true, false].every((isFake) => {
    const count = units.filter((unit) => unit.isFake === isFake).length;
    return count === 0 || count > 1;
  });
  return drawn.map((values) => (isEnough && values.length > samples / 2 ? percentiles(values, level) : null));
}

/** Each call draws a sample: how often each unit is in it. The same array is filled anew each time. */
export function unitDraws(units: readonly Unit[], seed: number): () => Float64Array {
  const random = seededDraws(seed);
  const strata = new Map<string, number[]>();
  for (const [unit, { isFake, stratum = '' }] of units.entries()) {
    const key = `${isFake} ${stratum}`;
    const members = strata.get(key);
    if (members === undefined) strata.set(key, [unit]);
    else members.push(unit);
  }
  const times = new Float64Array(units.length);
  return () => {
    times.fill(0);
    for (const members of strata.values()) {
      for (let turn = 0; turn < members.length; turn++) {
        const unit = members[Math.floor(random() * members.length)] as number;
        times[unit] = (times[unit] as number) + 1;
      }
    }
    return times;
  };
}

/** The middle `level` of the values, with straight lines between them. */
export function percentiles(values: readonly number[], level: number): Interval {
  const sorted = Float64Array.from(values).sort();
  const at = (part: number): number => {
    const place = part * (sorted.length - 1);
    const below = sorted[Math.floor(place)] as number;
    return below + (place - Math.floor(place)) * ((sorted[Math.ceil(place)] as number) - below);
  };
  return { low: at((1 - level) / 2), high: at((1 + level) / 2) };
}
