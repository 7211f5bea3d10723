/** What several measurements of one thing say together. */
export interface Spread {
  readonly median: number;
  readonly lowest: number;
  readonly highest: number;
}

/** The median of an even number is the mean of the two in the middle. Of no values each is not a number. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (place: number): number => sorted[place] ?? Number.NaN;
  const half = (sorted.length - 1) / 2;
  return { median: (at(Math.floor(half)) + at(Math.ceil(half))) / 2, lowest: at(0), highest: at(sorted.length - 1) };
}

/**
 * How many times the reference ours is, round by round: the two of a pair ran one after the other, so that a busier minute of
 * the machine meets both.
 * @throws RangeError when the two differ in number.
 */
export function pairwiseRatios(ours: readonly number[], reference: readonly number[]): Spread {
  if (ours.length !== reference.length) throw new RangeError(`${ours.length} and ${reference.length} make no pairs`);
  return spreadOf(ours.map((value, round) => value / (reference[round] ?? Number.NaN)));
}
