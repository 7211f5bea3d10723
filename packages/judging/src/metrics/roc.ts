import type { ScoreCounts } from './score-counts.js';

/** One point of the curve: what is called fake when all scores from `threshold` on are. */
export interface RocPoint {
  /** Infinity of the first point, where nothing is called fake. */
  readonly threshold: number;
  /** False-positive rate: the share of real videos that are called fake. */
  readonly fpr: number;
  /** True-positive rate: the share of fakes that are called fake. */
  readonly tpr: number;
}

/** From (0, 0) to (1, 1), one point for each distinct score. Empty unless both classes are there. */
export function rocPoints(counts: ScoreCounts): RocPoint[] {
  const { scores, fakes, reals, fakeTotal, realTotal } = counts;
  if (fakeTotal === 0 || realTotal === 0) return [];
  const points: RocPoint[] = [{ threshold: Number.POSITIVE_INFINITY, fpr: 0, tpr: 0 }];
  let [caught, accused] = [0, 0];
  for (let place = 0; place < scores.length; place++) {
    caught += fakes[place] as number;
    accused += reals[place] as number;
    points.push({ threshold: scores[place] as number, fpr: accused / realTotal, tpr: caught / fakeTotal });
  }
  return points;
}

/**
 * The area under the ROC curve: the chance that a fake scores higher than a real video, a tie counting half.
 * Null unless both classes are there.
 */
export function areaUnderRoc({ scores, fakes, reals, fakeTotal, realTotal }: ScoreCounts): number | null {
  if (fakeTotal === 0 || realTotal === 0) return null;
  let [won, accused] = [0, 0];
  for (let place = 0; place < scores.length; place++) {
    const here = reals[place] as number;
    won += (fakes[place] as number) * (realTotal - accused - here / 2);
    accused += here;
  }
  return won / (fakeTotal * realTotal);
}

/**
 * Where as many real videos are called fake as fakes are missed, on straight lines between the points of the curve.
 * Null unless both classes are there.
 */
export function equalErrorRate({ scores, fakes, reals, fakeTotal, realTotal }: ScoreCounts): number | null {
  if (fakeTotal === 0 || realTotal === 0) return null;
  let [fpr, miss, accused, missed] = [0, 1, 0, fakeTotal];
  for (let place = 0; place < scores.length; place++) {
    // Counts are exact where sums of shares are not.
    accused += reals[place] as number;
    missed -= fakes[place] as number;
    const [nextFpr, nextMiss] = [accused / realTotal, missed / fakeTotal];
    if (nextFpr >= nextMiss) {
      const part = (miss - fpr) / (miss - fpr + (nextFpr - nextMiss));
      return fpr + part * (nextFpr - fpr);
    }
    [fpr, miss] = [nextFpr, nextMiss];
  }
  return fpr;
}

/**
 * The highest true-positive rate that a threshold reaches whose false-positive rate is at most `fpr`. Nothing is interpolated: it is a
 * rate that a threshold has. Null unless both classes are there.
 */
export function tprAtFpr({ scores, fakes, reals, fakeTotal, realTotal }: ScoreCounts, fpr: number): number | null {
  if (fakeTotal === 0 || realTotal === 0) return null;
  let [caught, accused] = [0, 0];
  for (let place = 0; place < scores.length; place++) {
    accused += reals[place] as number;
    if (accused / realTotal > fpr) break;
    caught += fakes[place] as number;
  }
  return caught / fakeTotal;
}
