import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Reads the number of different faces that each video shows from `INDEX.tsv` in its folder or the one above, where it
 * exists. The table has the columns `name` and `faces`, among others. Some words are understood: "1, then 2, small" is
 * 2, "1 at a time, 3 people" is 3.
 */
export async function readExpectedFaces(folder: string): Promise<ReadonlyMap<string, number>> {
  const text = await readFile(join(folder, 'INDEX.tsv'), 'utf8').catch(() =>
    readFile(join(folder, '..', 'INDEX.tsv'), 'utf8').catch(() => ''),
  );
  const [header = [], ...rows] = text.split('\n').map((line) => line.split('\t'));
  const [name, faces] = [header.indexOf('name'), header.indexOf('faces')];
  return new Map(
    rows.flatMap((row) => {
      const count = countIn(row[faces] ?? '');
      return count === null ? [] : [[row[name] ?? '', count] as const];
    }),
  );
}

function countIn(words: string): number | null {
  const people = /(\d+) people/.exec(words);
  if (people) return Number(people[1]);
  const counts = words.split(',').flatMap((part) => /^\s*(?:then )?(\d+)/.exec(part)?.[1] ?? []);
  return counts.length === 0 ? null : Math.max(...counts.map(Number));
}
