/** Longer lists (a timeline, each logit) are left out, so that the other figures are easy to find. */
const LONGEST_LIST = 12;

/** The unit of a figure by the end of its name. The first match counts. */
const UNITS: readonly (readonly [ending: RegExp, unit: string])[] = [
  [/PerSecond$/, '/s'],
  [/(Seconds|^seconds)$/, 's'],
  [/(Minutes|^minutes)$/, 'min'],
  [/(Ms|^ms)$/, 'ms'],
  [/(Megabytes|^megabytes)$/, 'MB'],
  [/(Bytes|^bytes)$/, 'B'],
  [/(Percent|^percent)$/, '%'],
];

interface Row {
  readonly benchmark: string;
  readonly figure: string;
  readonly value: string;
  readonly unit: string;
}

/**
 * The figures of benchmarks as the lines of one table: benchmark, figure, value, unit. A figure's name is its path in
 * the JSON, so that both can be compared; a list's items go by their first field (`points[workers 4].clipsPerSecond`).
 * The end of the figure's name tells the unit, or that of the object around it (`latencyMs.median`).
 */
export function figureLines(figures: Readonly<Record<string, unknown>>): string[] {
  const rows = Object.entries(figures).flatMap(([benchmark, value]) =>
    rowsOf(value, { benchmark, path: '', unit: '' }),
  );
  const head: Row = { benchmark: 'benchmark', figure: 'figure', value: 'value', unit: '' };
  const width = (column: keyof Row): number => Math.max(...[head, ...rows].map((row) => row[column].length));
  const widths = { benchmark: width('benchmark'), figure: width('figure'), value: width('value') };
  return [head, ...rows].map(({ benchmark, figure, value, unit }) =>
    [benchmark.padEnd(widths.benchmark), figure.padEnd(widths.figure), `${value.padStart(widths.value)} ${unit}`]
      .join('  ')
      .trimEnd(),
  );
}

interface Place {
  readonly benchmark: string;
  readonly path: string;
  readonly unit: string;
}

function rowsOf(value: unknown, { benchmark, path, unit }: Place): Row[] {
  const row = (text: string, itsUnit = ''): Row[] => [{ benchmark, figure: path, value: text, unit: itsUnit }];
  const inside = (step: string, key: string, item: unknown): Row[] =>
    rowsOf(item, {
      benchmark,
      path: path === '' ? step.replace(/^\./, '') : `${path}${step}`,
      unit: unitOf(key) ?? unit,
    });
  if (typeof value === 'number') return row(numberText(value), unit);
  if (Array.isArray(value)) {
    if (value.length > LONGEST_LIST) return row(`${value.length} items, by --json`);
    if (!value.some(isRecord)) return row(value.map((item) => plainText(item)).join(', ') || '–', unit);
    return value.flatMap((item, index) => inside(`[${labelOf(item) ?? index}]`, '', item));
  }
  if (isRecord(value)) return Object.entries(value).flatMap(([key, item]) => inside(`.${key}`, key, item));
  return row(plainText(value));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What distinguishes an item of a list: its first field, if that is a word or a number. */
function labelOf(item: unknown): string | null {
  const [[key, value] = []] = isRecord(item) ? Object.entries(item) : [];
  if (key === undefined) return null;
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? `${key} ${numberText(value)}` : null;
}

function unitOf(key: string): string | null {
  return UNITS.find(([ending]) => ending.test(key))?.[1] ?? null;
}

function plainText(value: unknown): string {
  if (typeof value === 'number') return numberText(value);
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return value === null || value === undefined ? '–' : String(value).replace(/\p{Cc}/gu, ' ');
}

/** Whole numbers in full, others with three digits, very small ones as powers of ten. */
function numberText(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (Number.isInteger(value) || Math.abs(value) >= 1000) return Math.round(value).toLocaleString('en-US');
  return Math.abs(value) < 0.001 ? value.toExponential(1) : String(Number(value.toPrecision(3)));
}
