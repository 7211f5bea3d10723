const FAKE_WORDS = new Set(
  'fake fakes deepfake deepfakes df f forged forgery manipulated manipulation altered synthetic synthesis synthesized generated spoof spoofed attack tampered swapped positive pos true yes y t 1 1.0'.split(
    ' ',
  ),
);
const REAL_WORDS = new Set(
  'real reals r genuine authentic original originals pristine bonafide bona-fide live unaltered untampered youtube negative neg false no n 0 0.0'.split(
    ' ',
  ),
);

/** Names of columns that say whether a video is a fake, the surest first. */
const FAKE_COLUMNS =
  'truth_label label labels truth ground_truth groundtruth gt class target is_fake isfake fake deepfake is_deepfake manipulated is_manipulated y y_true category verdict'.split(
    ' ',
  );
/** Names of columns that say the opposite with yes and 1. */
const REAL_COLUMNS = 'is_real isreal real authentic is_authentic genuine is_genuine original is_original'.split(' ');

/** How a column of a manifest tells the truth. */
export interface TruthColumn {
  readonly name: string;
  /** Whether yes and 1 mean a real video. */
  readonly meansReal: boolean;
}

/** The column that holds the labels, in whatever spelling; null when there is none. */
export function findTruthColumn(columns: readonly string[]): TruthColumn | null {
  const plain = new Map(columns.map((name) => [plainName(name), name]));
  for (const [names, meansReal] of [
    [FAKE_COLUMNS, false],
    [REAL_COLUMNS, true],
  ] as const) {
    for (const wanted of names) {
      const name = plain.get(wanted);
      if (name !== undefined) return { name, meansReal };
    }
  }
  return null;
}

/** Whether a cell says fake; null when it says neither. `fake` and `real` mean what they say in any column. */
export function readTruth(cell: unknown, { meansReal }: Pick<TruthColumn, 'meansReal'>): boolean | null {
  const word = String(cell ?? '')
    .trim()
    .toLowerCase()
    .replace(/^["']|["']$/g, '');
  const isYes = YES.has(word);
  const isNo = NO.has(word);
  if (isYes || isNo) return isYes !== meansReal;
  if (FAKE_WORDS.has(word)) return true;
  return REAL_WORDS.has(word) ? false : null;
}

const YES = new Set('true yes y t 1 1.0 positive pos'.split(' '));
const NO = new Set('false no n 0 0.0 negative neg'.split(' '));

function plainName(name: string): string {
  return name
    .trim()
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[\s.-]+/g, '_');
}
