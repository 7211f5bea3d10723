export interface Labelled {
  readonly score: number;
  readonly isFake: boolean;
}

export interface Auc {
  /** 0 to 1; half is guessing. */
  readonly value: number;
  readonly fakes: number;
  readonly reals: number;
}

/**
 * The area under the ROC curve by ranks (Mann–Whitney), equal scores counted half; null unless both kinds are there.
 */
export function aucOf(labelled: readonly Labelled[]): Auc | null {
  const sorted = [...labelled].sort((a, b) => a.score - b.score);
  const fakes = sorted.filter(({ isFake }) => isFake).length;
  const reals = sorted.length - fakes;
  if (fakes === 0 || reals === 0) return null;
  let rankSum = 0;
  for (let from = 0; from < sorted.length; ) {
    let to = from;
    while (to < sorted.length && sorted[to]?.score === sorted[from]?.score) to += 1;
    // Ranks count from 1; those of equal scores are their mean.
    const rank = (from + 1 + to) / 2;
    rankSum += rank * sorted.slice(from, to).filter(({ isFake }) => isFake).length;
    from = to;
  }
  return { value: (rankSum - (fakes * (fakes + 1)) / 2) / (fakes * reals), fakes, reals };
}
