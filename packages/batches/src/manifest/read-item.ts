import {
  type GivenOptions,
  GivenOptionsSchema,
  LABEL_COLUMNS,
  MANIFEST_COLUMNS,
  type ManifestFault,
  METADATA_MAX_BYTES,
  OPTION_COLUMN_PREFIX,
  parseSourceText,
  type SubmittedSource,
  SubmittedSourceSchema,
} from '@styleflow/contracts';
import type { ManifestItem, ManifestRow } from './batch-item.js';
import { rowFault } from './manifest-fault.js';

/** What a manifest may name; each answers a sentence where it may not. */
export interface ItemRules {
  readonly judgeSource: (source: SubmittedSource) => string | null;
  readonly judgeBundle: (bundle: string) => string | null;
}

const ID_MAX_LENGTH = 500;

/** The item of a row, or everything that is wrong with it. `number`: of the row, from 1, which is the id of one without. */
export function readItem(row: ManifestRow, number: number, rules: ItemRules): ManifestItem | ManifestFault[] {
  const { line, cells } = row;
  const faults: ManifestFault[] = [];
  const wrong = (column: string, message: string): undefined => {
    faults.push(rowFault(line, message, column));
    return undefined;
  };

  for (const [name, cell] of Object.entries(cells)) {
    if (name.includes('\0') || hasNul(cell)) wrong(name.replaceAll('\0', ''), 'holds a NUL byte');
  }
  if (faults.length > 0) return faults;

  const readText = (name: string): string | undefined => {
    const cell = cells[name];
    if (cell === undefined) return undefined;
    if (typeof cell !== 'string' && typeof cell !== 'number' && typeof cell !== 'boolean')
      return wrong(name, 'not a text');
    const text = String(cell).trim();
    if (text.length > ID_MAX_LENGTH) return wrong(name, `more than ${ID_MAX_LENGTH} characters`);
    return text === '' ? undefined : text;
  };

  const source = readSource(cells.source, rules, (message) => wrong('source', message));
  const id = readText('id') ?? String(number);
  const labels = Object.fromEntries(
    LABEL_COLUMNS.map((name) => [name, readText(name)] as const).filter(([, text]) => text !== undefined),
  );
  const options = readOptions(cells, rules, wrong);
  const metadata = Object.fromEntries(Object.entries(cells).filter(([name]) => !hasMeaning(name)));
  if (Buffer.byteLength(JSON.stringify(metadata)) > METADATA_MAX_BYTES) {
    faults.push(rowFault(line, `The columns without a meaning have more than ${METADATA_MAX_BYTES} bytes together.`));
  }
  if (faults.length > 0 || source === undefined || options === undefined) return faults;
  return { line, id, source, options, labels, metadata };
}

function hasNul(cell: unknown): boolean {
  if (typeof cell === 'string') return cell.includes('\0');
  return typeof cell === 'object' && cell !== null && Object.entries(cell).flat().some(hasNul);
}

function hasMeaning(name: string): boolean {
  return (
    name === 'options' || name.startsWith(OPTION_COLUMN_PREFIX) || MANIFEST_COLUMNS.some((known) => known === name)
  );
}

function readSource(
  cell: unknown,
  { judgeSource }: ItemRules,
  wrong: (message: string) => undefined,
): SubmittedSource | undefined {
  if (cell === undefined) return wrong('missing');
  const source = typeof cell === 'string' ? parseSourceText(cell.trim()) : readSourceObject(cell);
  if (typeof source === 'string') return wrong(source);
  const refusal = judgeSource(source);
  return refusal === null ? source : wrong(refusal);
}

function readSourceObject(cell: unknown): SubmittedSource | string {
  const read = SubmittedSourceSchema.safeParse(cell);
  return read.success ? read.data : 'not the source of a job: a text, or {type: "url" | "s3" | "upload" | "job", …}';
}

/** Options of the columns `options.*`, and of `options` in JSON; of CSV they are text. */
function readOptions(
  cells: ManifestRow['cells'],
  { judgeBundle }: ItemRules,
  wrong: (column: string, message: string) => undefined,
): GivenOptions | undefined {
  const whole = cells.options;
  const isObject = typeof whole === 'object' && whole !== null && !Array.isArray(whole);
  if (whole !== undefined && !isObject) return wrong('options', 'not an object');
  const given: Record<string, unknown> = isObject ? { ...whole } : {};
  for (const [name, cell] of Object.entries(cells)) {
    if (!name.startsWith(OPTION_COLUMN_PREFIX)) continue;
    const option = name.slice(OPTION_COLUMN_PREFIX.length);
    given[option] = option === 'bundles' ? listFromText(cell) : fromText(cell);
  }
  if (Object.keys(given).length === 0) return {};
  const read = GivenOptionsSchema.safeParse(given);
  if (!read.success) {
    for (const issue of read.error.issues) {
      const names = issue.code === 'unrecognized_keys' ? issue.keys : [issue.path.map(String).join('.')];
      const message = issue.code === 'unrecognized_keys' ? 'no such option' : issue.message;
      for (const name of names) wrong(`${OPTION_COLUMN_PREFIX}${name}`, message);
    }
    return undefined;
  }
  const { bundle, bundles = [] } = read.data;
  if (bundle !== undefined && bundles.length > 0) {
    return wrong(`${OPTION_COLUMN_PREFIX}bundles`, 'not together with options.bundle');
  }
  const refusal = bundle === undefined ? null : judgeBundle(bundle);
  if (refusal !== null) return wrong(`${OPTION_COLUMN_PREFIX}bundle`, refusal);
  const ofMany = bundles.flatMap((each) => judgeBundle(each) ?? []);
  return ofMany[0] === undefined ? read.data : wrong(`${OPTION_COLUMN_PREFIX}bundles`, ofMany[0]);
}

/** Ids in one cell, with blanks or commas between them. */
function listFromText(cell: unknown): unknown {
  return typeof cell === 'string' ? cell.split(/[\s,;]+/).filter((id) => id !== '') : cell;
}

function fromText(cell: unknown): unknown {
  if (typeof cell !== 'string') return cell;
  const text = cell.trim();
  if (/^\d{1,9}$/.test(text)) return Number(text);
  if (/^(true|false)$/i.test(text)) return text.toLowerCase() === 'true';
  return text;
}
