import { printable, printCount } from '@styleflow/runtime';
import { stringify } from 'csv-stringify/sync';
import type { Comparison, Fate } from '../rescore/compare-verdicts.js';
import { tableLines } from './table.js';

export type RescoreFormat = 'table' | 'ndjson' | 'csv';

/** How many rows ended how; `refused`: jobs that became no row, since there was nothing to score again. */
export type RescoreCounts = Readonly<Record<Fate, number>> & { readonly refused: number };

/** One line of `--format ndjson`; the columns of CSV, in this order. */
export function rescoreRow({ job, rescored, file, truth, before, after }: Comparison) {
  return {
    job,
    rescored,
    file,
    truth_label: truth,
    old_bundle: before?.bundle ?? null,
    old_label: before?.label ?? null,
    old_reason: before?.reason ?? null,
    old_score: before?.score ?? null,
    new_label: after.label,
    new_reason: after.reason,
    new_score: after.score,
  };
}

const COLUMNS = [
  ...['job', 'rescored', 'file', 'truth_label', 'old_bundle', 'old_label', 'old_reason', 'old_score'],
  ...['new_label', 'new_reason', 'new_score'],
];

/** The comparisons as text, with a line end after each line; nothing for a table without rows. */
export function printComparisons(comparisons: readonly Comparison[], format: RescoreFormat): string {
  if (format === 'csv') {
    return stringify(comparisons.map(rescoreRow), { header: true, columns: COLUMNS, record_delimiter: '\r\n' });
  }
  if (format === 'ndjson') return comparisons.map((each) => `${JSON.stringify(rescoreRow(each))}\n`).join('');
  if (comparisons.length === 0) return '';
  const rows = comparisons.map(({ job, rescored, file, before, after }) => [
    ...[job, wordsOf(before), '→', wordsOf(after), rescored ?? '', printable(file ?? '')],
  ]);
  return `${tableLines(['job', 'before', '', 'now', 'new job', 'file'], rows).join('\n')}\n`;
}

/** `fake 0.812`, `inconclusive (no_face)`. */
function wordsOf(said: Comparison['after'] | null): string {
  if (said === null) return 'gone';
  if (said.label === null) return 'none';
  const reason = said.reason === null ? '' : ` (${said.reason})`;
  return `${said.label}${reason}${said.score === null ? '' : ` ${said.score.toFixed(3)}`}`;
}

/** `3 changed · 40 unchanged · 1 failed · 2 whose video cannot be had any more`. */
export function printRescoreCounts({ changed, unchanged, failed, canceled, lost, refused }: RescoreCounts): string {
  const gone = lost + refused;
  return [
    `${changed.toLocaleString('en')} changed`,
    `${unchanged.toLocaleString('en')} unchanged`,
    ...(failed === 0 ? [] : [`${failed.toLocaleString('en')} failed`]),
    ...(canceled === 0 ? [] : [`${canceled.toLocaleString('en')} canceled`]),
    ...(gone === 0 ? [] : [`${printCount(gone, 'job')} that cannot be scored again any more`]),
  ].join(' · ');
}
