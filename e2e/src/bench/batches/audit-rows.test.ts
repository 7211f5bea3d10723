import { RESULT_COLUMNS, type ResultRow } from '@styleflow/contracts';
import { describe, expect, it } from 'vitest';
import { auditRows, type RowsEvidence } from './audit-rows.js';
import { goodRow, someBatch, someItems } from './test-rows.js';

const items = someItems(9);
const batch = someBatch(9, {}, { succeeded: 6, failed: 3 });
const rows = items.map((item, index) => goodRow(batch, index, item));
const csvOf = (of: readonly ResultRow[]): string[] => [
  RESULT_COLUMNS.join(','),
  ...of.map((row) => RESULT_COLUMNS.map((column) => row[column] ?? '').join(',')),
];
const good: RowsEvidence = { batch, rows, csv: csvOf(rows), storedRows: rows };

/** The kinds of what is found, each once. */
function found(changes: Partial<RowsEvidence>): string[] {
  return [...new Set(auditRows(items, { ...good, ...changes }).map(({ kind }) => kind))];
}
/** The same rows in both formats. */
const told = (changed: readonly ResultRow[]): Partial<RowsEvidence> => ({ rows: changed, csv: csvOf(changed) });
const row = (index: number): ResultRow => rows[index] as ResultRow;

describe('the audit of rows', () => {
  it('finds nothing where all is as it must be', () => {
    expect(found({})).toEqual([]);
  });

  it('finds a lost, a doubled and a misplaced row, of the API and of the store', () => {
    const without = rows.filter(({ index }) => index !== 4);
    const twice = [...rows.slice(0, 5), row(4), ...rows.slice(5)];
    const swapped = [...rows.slice(0, 3), row(4), row(3), ...rows.slice(5)];
    expect(found(told(without))).toEqual(['lost-row']);
    expect(found(told(twice))).toEqual(['doubled-row']);
    expect(found(told(swapped))).toEqual(['misordered']);
    expect(found({ storedRows: without })).toEqual(['lost-stored-row']);
    expect(found({ storedRows: twice })).toEqual(['doubled-stored-row']);
    expect(found({ storedRows: swapped })).toEqual(['misordered-stored']);
  });

  it('finds a row that is another item’s, and an end that is not that of the video', () => {
    const at = (index: number, changes: Partial<ResultRow>): Partial<RowsEvidence> =>
      told(rows.map((each) => (each.index === index ? { ...each, ...changes } : each)));
    expect(found(at(0, { job: row(1).job }))).toEqual(['wrong-row']);
    expect(found(at(0, { source: row(3).source }))).toEqual(['wrong-row']);
    expect(found(at(0, { clips: 2 }))).toEqual(['wrong-end']);
    expect(found(at(1, { reason: 'face_too_short' }))).toEqual(['wrong-end']);
    expect(found(at(2, { error_code: 'internal' }))).toEqual(['wrong-end']);
    expect(found(at(3, { score: 0.25 }))).toEqual(['other-score']);
    expect(found({ storedRows: rows.map((each) => ({ ...each, status: 'canceled' })) })).toEqual(['wrong-row']);
  });

  it('finds a CSV file that says something else', () => {
    const [header = '', first = '', ...others] = good.csv;
    expect(found({ csv: [header, first.replace('item-0', 'item-1'), ...others] })).toEqual(['csv-differs']);
    expect(found({ csv: [header, ...others] })).toEqual(['csv-differs']);
    expect(found({ csv: [first, ...others] })).toEqual(['csv-differs']);
  });

  it('finds a batch that has not ended, or whose counts do not add up', () => {
    expect(found({ batch: { ...batch, status: 'running' } })).toEqual(['unended']);
    expect(found({ batch: { ...batch, counts: { ...batch.counts, failed: 2 } } })).toEqual(['unended']);
  });
});
