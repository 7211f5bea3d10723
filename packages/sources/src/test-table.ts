import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Ignored by git: what commands and tests leave for people. */
const RESULTS = fileURLToPath(new URL('../../../results/', import.meta.url));

export interface TestRow {
  readonly what: string;
  readonly sent: string;
  readonly expected: string;
  readonly came: string;
}

/** Writes a table of what was tried into results/, and says so with how many rows are as expected. */
export async function writeTable(name: string, rows: readonly TestRow[]): Promise<void> {
  const right = rows.filter(({ expected, came }) => expected === came).length;
  const sentence = `${name}: ${right} of ${rows.length} as expected`;
  const lines = rows.map(({ what, sent, expected, came }, index) =>
    ['', index + 1, what, sent, expected, came, expected === came ? 'yes' : '**no**', ''].map(cell).join('|'),
  );
  const head = ['| no. | what | sent | expected | came | right |', '|---|---|---|---|---|---|'];
  await mkdir(RESULTS, { recursive: true });
  await writeFile(join(RESULTS, `${name}.md`), [`# ${sentence}`, '', ...head, ...lines, ''].join('\n'));
  process.stdout.write(`${sentence} (results/${name}.md)\n`);
}

/** Odd characters are the point of many rows, so they are told by their numbers. */
function cell(value: string | number): string {
  const text = String(value).replace(/[^\x20-\x7e]/g, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
  const short = text.length > 100 ? `${text.slice(0, 100)}… (${text.length})` : text;
  return short.replaceAll('|', '\\|');
}
