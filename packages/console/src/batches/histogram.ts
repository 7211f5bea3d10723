/** Columns of a histogram of scores: 0 to 1 in steps of a twentieth. */
export const COLUMNS = 20;

/** How many scores fall into each column; 1 belongs to the last one. */
export function countScores(scores: readonly number[]): number[] {
  const counts = Array.from({ length: COLUMNS }, () => 0);
  for (const score of scores) {
    const column = Math.min(COLUMNS - 1, Math.max(0, Math.floor(score * COLUMNS)));
    counts[column] = (counts[column] ?? 0) + 1;
  }
  return counts;
}
