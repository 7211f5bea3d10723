/** The word that most resembles `wrong`, or null when none does: at most a third of its letters may differ. */
export function nearestWord(wrong: string, words: readonly string[]): string | null {
  let nearest: string | null = null;
  let least = Math.floor(wrong.length / 3) + 1;
  for (const word of words) {
    const distance = editDistance(wrong, word);
    if (distance >= least) continue;
    least = distance;
    nearest = word;
  }
  return nearest;
}

/** How many letters have to be put in, left out or replaced to make one word the other (Levenshtein). */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
