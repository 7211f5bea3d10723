import { isDeepStrictEqual } from 'node:util';
import { type Batch, type BatchId, type ErrorRow, itemJobId, type ResultRow } from '@styleflow/contracts';

/** What is known of a batch that was canceled while it ran. */
export interface CanceledBatch {
  readonly batch: Batch;
  /** Rows that were told before it was canceled. */
  readonly toldBefore: readonly ResultRow[];
  /** Lines of the manifest that hold faults. */
  readonly faultyLines: readonly number[];
  /** The id that the item of that index was submitted with. */
  readonly idOf: (index: number) => string;
}

export interface CanceledFinding {
  readonly kind: CanceledFindingKind;
  readonly says: string;
}

const CANCELED_FINDING_KINDS = {
  'lost-row': 'an item has no row, or one in the wrong place',
  'changed-row': 'a row that had been told before is another one now',
  'wrong-row': 'a row is not that of its item',
  'not-canceled': 'an item that never began does not read `canceled`, or has a job',
  'wrong-counts': 'the counts of the batch are not those of its rows',
  'wrong-errors': 'the error file does not hold the faults of the manifest and the items that failed',
} as const;
export type CanceledFindingKind = keyof typeof CANCELED_FINDING_KINDS;

export interface CanceledAudit {
  readonly findings: readonly CanceledFinding[];
  /** Rows by what became of their items; `unstarted` ones read `canceled`, too. */
  readonly rows: {
    readonly succeeded: number;
    readonly failed: number;
    readonly stopped: number;
    readonly unstarted: number;
  };
  readonly errorRows: { readonly faults: number; readonly items: number };
  readonly hasResult: ReadonlySet<number>;
}

/** Reads all rows and the error file of a canceled batch, however long, and compares them with its counts and with what was told before. */
export async function auditCanceled(
  { batch, toldBefore, faultyLines, idOf }: CanceledBatch,
  rows: AsyncIterable<ResultRow>,
  errors: AsyncIterable<ErrorRow>,
): Promise<CanceledAudit> {
  const findings: CanceledFinding[] = [];
  const find = (kind: CanceledFindingKind, says: string): void => void findings.push({ kind, says });
  const before = new Map(toldBefore.map((row) => [row.index, row]));
  const tally = { succeeded: 0, failed: 0, stopped: 0, unstarted: 0 };
  const hasResult = new Set<number>();
  const failed = new Set<string>();
  let next = 0;
  for await (const row of rows) {
    const { index, status } = row;
    if (index !== next) find('lost-row', `item ${index} comes where ${next} should`);
    next = index + 1;
    if (row.id !== idOf(index)) find('wrong-row', `item ${index} has the id ${row.id}`);
    if (index >= batch.admitted) {
      tally.unstarted += 1;
      if (status !== 'canceled' || row.job !== null) find('not-canceled', `item ${index}: ${status}, job ${row.job}`);
      continue;
    }
    if (row.job !== itemJobId(batch.id as BatchId, index)) find('wrong-row', `item ${index} has the job ${row.job}`);
    const told = before.get(index);
    if (told !== undefined && !isDeepStrictEqual(told, row))
      find('changed-row', `item ${index}: ${JSON.stringify(row)}`);
    if (status === 'succeeded') hasResult.add(index);
    if (status === 'failed') failed.add(row.id);
    if (status === 'succeeded' || status === 'failed') tally[status] += 1;
    else if (status === 'canceled') tally.stopped += 1;
    else find('wrong-row', `item ${index} is ${status}`);
  }
  const { counts } = batch;
  if (next !== counts.total) find('lost-row', `${next} rows of ${counts.total}`);
  const canceled = tally.stopped + tally.unstarted;
  for (const [name, told, found] of [
    ['succeeded', counts.succeeded, tally.succeeded],
    ['failed', counts.failed, tally.failed],
    ['canceled', counts.canceled, canceled],
  ] as const) {
    if (told !== found) find('wrong-counts', `${told} ${name} are counted, ${found} rows say so`);
  }
  const errorRows = await auditErrors(errors, { failed, faultyLines }, find);
  return { findings, rows: tally, errorRows, hasResult };
}

async function auditErrors(
  errors: AsyncIterable<ErrorRow>,
  { failed, faultyLines }: { readonly failed: ReadonlySet<string>; readonly faultyLines: readonly number[] },
  find: (kind: CanceledFindingKind, says: string) => void,
): Promise<CanceledAudit['errorRows']> {
  const lines: (number | null)[] = [];
  const items = new Set<string | null>();
  let count = 0;
  for await (const { kind, line, id } of errors) {
    if (kind === 'fault') {
      lines.push(line);
      continue;
    }
    count += 1;
    items.add(id);
    if (id === null || !failed.has(id)) find('wrong-errors', `${id} has not failed`);
  }
  if (!isDeepStrictEqual(lines, faultyLines)) find('wrong-errors', `faults in lines ${lines.join(', ')}`);
  for (const id of failed) if (!items.has(id)) find('wrong-errors', `${id} has failed and is not in it`);
  if (count !== items.size) find('wrong-errors', `${count} rows for ${items.size} items`);
  return { faults: lines.length, items: count };
}
