export const LABELS = ['real', 'fake'] as const;
export type Label = (typeof LABELS)[number];

const FAKE = words(
  'fake fakes deepfake deepfakes df forged forgery manipulated manipulation altered synthetic generated spoof swapped tampered',
);
const REAL = words(
  'real reals genuine authentic original originals pristine bonafide bona-fide live unaltered youtube',
);
const YES = words('true yes y 1 1.0 positive pos');
const NO = words('false no n 0 0.0 negative neg');

/** Columns that may hold the label, the surest first, written small and with `_`. */
const FAKE_COLUMNS = [
  ...words('truth_label label labels truth ground_truth gt class target is_fake fake deepfake is_deepfake manipulated'),
];
/** Columns in which yes means a real video. */
const REAL_COLUMNS = [...words('is_real real is_authentic authentic is_genuine genuine is_original original')];

/** A column that holds the labels. */
export interface LabelColumn {
  readonly name: string;
  /** Whether yes and 1 mean a real video. */
  readonly meansReal: boolean;
}

/** The column with the labels, in whatever spelling; null when there is none. */
export function findLabelColumn(columns: readonly string[]): LabelColumn | null {
  const plain = new Map(columns.map((name) => [plainName(name), name]));
  for (const wanted of [...FAKE_COLUMNS, ...REAL_COLUMNS]) {
    const name = plain.get(wanted);
    if (name !== undefined) return { name, meansReal: REAL_COLUMNS.includes(wanted) };
  }
  return null;
}

/** What a cell says; null when it says neither. Words for real and fake mean what they say in any column. */
export function readLabel(cell: unknown, { meansReal }: Pick<LabelColumn, 'meansReal'>): Label | null {
  const word = String(cell ?? '')
    .trim()
    .toLowerCase();
  if (YES.has(word)) return meansReal ? 'real' : 'fake';
  if (NO.has(word)) return meansReal ? 'fake' : 'real';
  if (FAKE.has(word)) return 'fake';
  return REAL.has(word) ? 'real' : null;
}

function plainName(name: string): string {
  return name
    .trim()
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[\s.-]+/g, '_');
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(' '));
}
