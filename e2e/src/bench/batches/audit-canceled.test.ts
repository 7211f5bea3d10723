import type { ErrorRow, ResultRow } from '@styleflow/contracts';
import { describe, expect, it } from 'vitest';
import { auditCanceled } from './audit-canceled.js';
import { goodRow, someBatch, someItems } from './test-rows.js';

/** Of nine items five were admitted: 0, 1 and 3 succeeded, 2 failed, 4 was stopped. */
const items = someItems(9);
const counts = { succeeded: 3, failed: 1, canceled: 5 };
const batch = someBatch(9, { status: 'canceled', admitted: 5 }, counts);
const NOTHING = { verdict_label: null, score: null, reason: null, error_code: null, clips: null };
const rows = items.map((item, index): ResultRow => {
  const row = goodRow(batch, index, item);
  if (index < 4) return row;
  return { ...row, ...NOTHING, status: 'canceled', job: index === 4 ? row.job : null };
});
const error = (changes: Partial<ErrorRow>): ErrorRow => ({
  ...{ kind: 'item', line: null, column: null, id: 'item-2', source: null, error_code: 'unsupported_media' },
  ...{ message: 'No video.', job: null, ...changes },
});
const errors = [error({ kind: 'fault', line: 7, id: null }), error({})];

async function* each<T>(values: readonly T[]): AsyncGenerator<T, void> {
  yield* values;
}
const audit = (
  told: {
    readonly rows?: readonly ResultRow[];
    readonly errors?: readonly ErrorRow[];
    readonly before?: readonly ResultRow[];
  } = {},
  of = batch,
) =>
  auditCanceled(
    { batch: of, toldBefore: told.before ?? rows.slice(0, 2), faultyLines: [7], idOf: (index) => `item-${index}` },
    each(told.rows ?? rows),
    each(told.errors ?? errors),
  );
const kindsOf = async (...told: Parameters<typeof audit>): Promise<string[]> => [
  ...new Set((await audit(...told)).findings.map(({ kind }) => kind)),
];
const at = (index: number, changes: Partial<ResultRow>): ResultRow[] =>
  rows.map((row) => (row.index === index ? { ...row, ...changes } : row));

describe('the audit of a canceled batch', () => {
  it('counts rows of each kind, and finds nothing where all is as it must be', async () => {
    expect(await audit()).toEqual({
      findings: [],
      rows: { succeeded: 3, failed: 1, stopped: 1, unstarted: 4 },
      errorRows: { faults: 1, items: 1 },
      hasResult: new Set([0, 1, 3]),
    });
  });

  it('finds rows that are lost, in another place, or changed since they were told', async () => {
    expect(await kindsOf({ rows: rows.slice(0, 8) })).toContain('lost-row');
    expect(await kindsOf({ rows: [...rows.slice(0, 6), ...rows.slice(7), ...rows.slice(6, 7)] })).toEqual(['lost-row']);
    expect(await kindsOf({ before: [{ ...rows[0], score: 0.75 } as ResultRow] })).toEqual(['changed-row']);
    expect(await kindsOf({ rows: at(3, { id: 'item-4' }) })).toEqual(['wrong-row']);
  });

  it('finds items that never began and do not read `canceled`, or have a job', async () => {
    expect(await kindsOf({ rows: at(6, { status: 'queued' }) })).toEqual(['not-canceled']);
    expect(await kindsOf({ rows: at(6, { job: rows[0]?.job ?? null }) })).toEqual(['not-canceled']);
  });

  it('finds counts that are not those of the rows', async () => {
    expect(await kindsOf({}, { ...batch, counts: { ...batch.counts, succeeded: 4 } })).toEqual(['wrong-counts']);
  });

  it('finds an error file without a fault, without a failed item, or with one that has not failed', async () => {
    expect(await kindsOf({ errors: errors.slice(1) })).toEqual(['wrong-errors']);
    expect(await kindsOf({ errors: errors.slice(0, 1) })).toEqual(['wrong-errors']);
    expect(await kindsOf({ errors: [...errors, error({ id: 'item-3' })] })).toEqual(['wrong-errors']);
    expect(await kindsOf({ errors: [...errors, error({})] })).toEqual(['wrong-errors']);
  });
});
