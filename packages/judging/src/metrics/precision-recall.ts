import type { ScoreCounts } from './score-counts.js';

export interface PrecisionRecallPoint {
  readonly threshold: number;
  readonly precision: number;
  readonly recall: number;
}

/** One point for each distinct score, from the highest down. Empty without a fake. */
export function precisionRecallPoints({ scores, fakes, reals, fakeTotal }: ScoreCounts): PrecisionRecallPoint[] {
  const points: PrecisionRecallPoint[] = [];
  let [caught, accused] = [0, 0];
  for (let place = 0; place < scores.length && fakeTotal > 0; place++) {
    caught += fakes[place] as number;
    accused += reals[place] as number;
    if (caught + accused === 0) continue;
    const threshold = scores[place] as number;
    points.push({ threshold, precision: caught / (caught + accused), recall: caught / fakeTotal });
  }
  return points;
}

/** Average precision: precision at each distinct score, weighed by the recall that it adds. Null unless both classes are there. */
export function averagePrecision({ scores, fakes, reals, fakeTotal, realTotal }: ScoreCounts): number | null {
  if (fakeTotal === 0 || realTotal === 0) return null;
  let [caught, accused, sum] = [0, 0, 0];
  for (let place = 0; place < scores.length; place++) {
    const added = fakes[place] as number;
    caught += added;
    accused += reals[place] as number;
    if (added > 0) sum += (added / fakeTotal) * (caught / (caught + accused));
  }
  return sum;
}
