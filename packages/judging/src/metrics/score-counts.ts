/** What is known of one video or clip: its score, and whether it is a fake. */
export interface LabelledScore {
  /** 0..1, higher is more likely fake. */
  readonly score: number;
  readonly isFake: boolean;
}

/** Scores in order, so that any weighing of them is counted in one pass. Equal scores share a place: ties are never broken. */
export interface Ranking {
  /** The distinct scores, highest first. */
  readonly scores: Float64Array;
  /** By item: where its score stands in `scores`. */
  readonly places: Uint32Array;
  /** By item: 1 for a fake. */
  readonly fakes: Uint8Array;
}

/** How much weighs at each distinct score; without weights these are counts. All metrics are functions of this. */
export interface ScoreCounts {
  readonly scores: Float64Array;
  readonly fakes: Float64Array;
  readonly reals: Float64Array;
  readonly fakeTotal: number;
  readonly realTotal: number;
}

/** @throws RangeError for a score that is not finite: it has no place. */
export function rankScores(items: readonly LabelledScore[]): Ranking {
  const values = Float64Array.from(items, ({ score }) => score);
  for (const value of values) if (!Number.isFinite(value)) throw new RangeError(`a score must be finite, not ${value}`);
  const scores = Float64Array.from(new Set(values.slice().sort().reverse()));
  const placeOf = new Map<number, number>();
  for (const [place, score] of scores.entries()) placeOf.set(score, place);
  return {
    scores,
    places: Uint32Array.from(values, (value) => placeOf.get(value) ?? 0),
    fakes: Uint8Array.from(items, ({ isFake }) => (isFake ? 1 : 0)),
  };
}

/** @param weights by item; each counts once without them. */
export function countScores({ scores, places, fakes: isFake }: Ranking, weights?: ArrayLike<number>): ScoreCounts {
  const fakes = new Float64Array(scores.length);
  const reals = new Float64Array(scores.length);
  let [fakeTotal, realTotal] = [0, 0];
  for (let item = 0; item < places.length; item++) {
    const weight = weights === undefined ? 1 : (weights[item] as number);
    const place = places[item] as number;
    if (isFake[item] === 1) {
      fakes[place] = (fakes[place] as number) + weight;
      fakeTotal += weight;
    } else {
      reals[place] = (reals[place] as number) + weight;
      realTotal += weight;
    }
  }
  return { scores, fakes, reals, fakeTotal, realTotal };
}

/** The counts of scores as they are. */
export function countsOf(items: readonly LabelledScore[]): ScoreCounts {
  return countScores(rankScores(items));
}
