/** A step of the work beside what it cannot be cheaper than. */
export interface BudgetRow {
  readonly step: string;
  readonly per: 'frame' | 'clip';
  readonly cpuMs: number;
  /** The limit in words; null where nothing comparable was measured. */
  readonly limit: string | null;
  readonly limitCpuMs: number | null;
  /** How many times the limit the step is. */
  readonly ratio: number | null;
}

/** @param limit in words, and its CPU milliseconds: null where there is none, or it is not known for this input. */
export function budgetRow(
  step: string,
  per: BudgetRow['per'],
  cpuMs: number,
  limit: readonly [words: string, cpuMs: number | null] | null,
): BudgetRow {
  const [words, limitCpuMs] = limit ?? [null, null];
  // Below the clock's resolution a limit says nothing.
  const ratio = limitCpuMs !== null && limitCpuMs > 0 ? cpuMs / limitCpuMs : null;
  return { step, per, cpuMs, limit: words, limitCpuMs, ratio };
}

const HEAD = ['step', 'per', 'CPU ms', 'limit ms', 'ratio', 'limit'];
/** Columns of words are flush left. */
const WORDS = new Set([0, 1, 5]);

/** The rows as lines of equal columns, for people. */
export function budgetTable(rows: readonly BudgetRow[]): string[] {
  const cells = rows.map(({ step, per, cpuMs, limit, limitCpuMs, ratio }) => [
    ...[step, per, numberText(cpuMs), numberText(limitCpuMs), numberText(ratio), limit ?? '–'],
  ]);
  const all = [HEAD, ...cells];
  const widths = HEAD.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all.map((row) =>
    row
      .map((cell, column) =>
        WORDS.has(column) ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
}

function numberText(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return '–';
  return value >= 100 ? String(Math.round(value)) : value.toFixed(value < 1 ? 3 : 1);
}
