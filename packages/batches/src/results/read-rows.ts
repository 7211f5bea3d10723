import type { BatchId } from '@styleflow/contracts';
import type { BatchRecords, CompactRow } from '@styleflow/queue';
import type { ObjectStore } from '@styleflow/storage';
import { readPart, writePart } from '../stored/batch-parts.js';
import { type StoredRow, StoredRowSchema } from './result-row.js';

interface RowPorts {
  readonly batches: Pick<BatchRecords, 'openRows'>;
  readonly store: Pick<ObjectStore, 'get' | 'put'>;
}

/** The rows of a part by item, of those that have ended; null stands for one that runs again. `rev`: of what Redis has of them. */
export interface PartRows {
  readonly rev: number | null;
  readonly rows: ReadonlyMap<number, CompactRow | null>;
}

/** Redis first: what goes from there to the store meanwhile is found in the store. */
export async function readRows({ batches, store }: RowPorts, batch: BatchId, part: number): Promise<PartRows> {
  const open = await batches.openRows({ batch, part });
  const stored = await readPart(store, batch, 'rows', part, (value) => StoredRowSchema.parse(value));
  const rows = new Map<number, CompactRow | null>((stored ?? []).map((row) => [row.index, asCompact(row)]));
  for (const [index, row] of open?.rows ?? []) rows.set(index, row);
  return { rev: open?.rev ?? null, rows };
}

/** Writes rows of which every item has ended. */
export async function writeRows(
  { store }: RowPorts,
  batch: BatchId,
  part: number,
  rows: PartRows['rows'],
): Promise<void> {
  const ended = [...rows].flatMap(([index, row]) => (row === null ? [] : [{ index, ...row } satisfies StoredRow]));
  await writePart(
    store,
    batch,
    'rows',
    part,
    ended.sort((a, b) => a.index - b.index),
  );
}

function asCompact({ index: _index, status, ...row }: StoredRow): CompactRow {
  if (status !== 'succeeded' && status !== 'failed' && status !== 'canceled') throw new Error(`no end: ${status}`);
  return { status, ...row };
}
