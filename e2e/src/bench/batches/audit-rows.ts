import { type Batch, type BatchId, itemJobId, RESULT_COLUMNS, type ResultRow } from '@styleflow/contracts';
import type { SmallVideo } from './small-videos.js';

/** One item as it was submitted. `video`: what lies at its source. */
export interface SubmittedItem {
  readonly id: string;
  readonly source: string;
  readonly video: SmallVideo;
}

export interface RowsEvidence {
  readonly batch: Batch;
  /** The rows as they came, page by page, each from the cursor of the one before. */
  readonly rows: readonly ResultRow[];
  /** The lines of the CSV file, the header among them. */
  readonly csv: readonly string[];
  /** What the store keeps of the rows, part by part. */
  readonly storedRows: readonly { readonly index: number; readonly status: string }[];
}

export interface RowFinding {
  readonly kind: RowFindingKind;
  readonly says: string;
}

const ROW_FINDING_KINDS = {
  unended: 'the batch has not ended, or its counts do not add up',
  'lost-row': 'an item has no row',
  'doubled-row': 'an item has more than one row',
  misordered: 'rows do not come in the order of the manifest',
  'wrong-row': 'a row is not that of its item',
  'wrong-end': 'an item ended otherwise than its video must',
  'other-score': 'the same video has two scores',
  'csv-differs': 'the CSV file says something else than the rows',
  'lost-stored-row': 'the store has no row of an item',
  'doubled-stored-row': 'the store has several rows of an item',
  'misordered-stored': 'the store keeps rows in another order',
} as const;
export type RowFindingKind = keyof typeof ROW_FINDING_KINDS;

/** Compares what a batch tells of its items with what was submitted. Pure; an empty answer means that nothing is wrong. */
export function auditRows(
  items: readonly SubmittedItem[],
  { batch, rows, csv, storedRows }: RowsEvidence,
): RowFinding[] {
  const findings: RowFinding[] = [];
  const find = (kind: RowFindingKind, says: string): void => void findings.push({ kind, says });

  const { counts } = batch;
  const ended = counts.succeeded + counts.failed + counts.canceled;
  if (batch.status !== 'ended' || counts.total !== items.length || ended !== items.length) {
    find('unended', `${batch.status}, ${ended} of ${counts.total} ended, ${items.length} submitted`);
  }
  auditSequence(items.length, rows, find, ['lost-row', 'doubled-row', 'misordered']);
  auditSequence(items.length, storedRows, find, ['lost-stored-row', 'doubled-stored-row', 'misordered-stored']);

  const scores = new Map<string, number>();
  for (const row of rows) {
    const item = items[row.index];
    if (item === undefined) find('wrong-row', `there is no item ${row.index}`);
    else auditRow(batch.id, item, row, scores, find);
  }
  const statuses = new Map(rows.map(({ index, status }) => [index, status]));
  for (const { index, status } of storedRows) {
    const told = statuses.get(index);
    if (told !== undefined && told !== status) find('wrong-row', `item ${index}: ${told}, in the store ${status}`);
  }
  auditCsv(rows, csv, find);
  return findings;
}

type Find = (kind: RowFindingKind, says: string) => void;

/** Each of 0 … count − 1 once, in this order. */
function auditSequence(
  count: number,
  rows: readonly { readonly index: number }[],
  find: Find,
  [lost, doubled, misordered]: readonly [RowFindingKind, RowFindingKind, RowFindingKind],
): void {
  const seen = new Map<number, number>();
  let last = -1;
  for (const { index } of rows) {
    seen.set(index, (seen.get(index) ?? 0) + 1);
    if (index < last) find(misordered, `${index} comes after ${last}`);
    last = Math.max(last, index);
  }
  for (let index = 0; index < count; index += 1) if (!seen.has(index)) find(lost, `item ${index}`);
  for (const [index, times] of seen) if (times > 1) find(doubled, `item ${index}: ${times} rows`);
}

function auditRow(batch: BatchId, item: SubmittedItem, row: ResultRow, scores: Map<string, number>, find: Find): void {
  const job = itemJobId(batch, row.index);
  for (const [name, actual, expected] of [
    ['id', row.id, item.id],
    ['source', row.source, item.source],
    ['job', row.job, job],
  ] as const) {
    if (actual !== expected) find('wrong-row', `item ${row.index}: ${name} is ${actual} and not ${expected}`);
  }
  const end = [row.status, row.error_code ?? '–', row.reason ?? '–', String(row.clips ?? '–')].join(' ');
  const expected = ENDS[item.video.kind];
  if (end !== expected) find('wrong-end', `item ${row.index}: ${end} and not ${expected}`);
  if (row.score === null) return;
  const known = scores.get(item.video.name);
  if (known === undefined) scores.set(item.video.name, row.score);
  else if (known !== row.score)
    find('other-score', `${item.video.name}: ${known} and, item ${row.index}, ${row.score}`);
}

/** Status, error code, reason and clips of an item, by what lies at its source. The untrained bundle never decides. */
const ENDS: Readonly<Record<SmallVideo['kind'], string>> = {
  face: 'succeeded – untrained_bundle 1',
  faceless: 'succeeded – no_face 0',
  'no-video': 'failed unsupported_media – –',
};

/** Ids, sources and labels of these benchmarks hold neither commas nor quotes, so a line can be split. */
function auditCsv(rows: readonly ResultRow[], csv: readonly string[], find: Find): void {
  const [header, ...lines] = csv;
  if (header !== RESULT_COLUMNS.join(',')) find('csv-differs', `its header is ${header}`);
  if (lines.length !== rows.length) find('csv-differs', `${lines.length} lines, ${rows.length} rows`);
  for (const [at, row] of rows.entries()) {
    const expected = RESULT_COLUMNS.map((column) => row[column] ?? '').join(',');
    if (lines[at] !== undefined && lines[at] !== expected) find('csv-differs', `line ${at + 2}: ${lines[at]}`);
  }
}
