import { type BatchId, isEnded, itemJobId } from '@styleflow/contracts';
import {
  type BatchRecord,
  type CompactRow,
  type FoundItem,
  type FoundItems,
  ITEMS_PER_PART,
  type LostJobs,
  type SecretVault,
} from '@styleflow/queue';
import { mapBounded } from '@styleflow/runtime';
import type { ObjectStore } from '@styleflow/storage';
import { type StoredRow, StoredRowSchema } from '../results/result-row.js';
import { partsOf, readPart } from '../stored/batch-parts.js';
import { readItems } from '../stored/read-items.js';
import type { StoredItem } from '../stored/stored-item.js';

interface FindPorts {
  readonly lostJobs: LostJobs;
  readonly vault: Pick<SecretVault, 'keep'>;
  readonly store: Pick<ObjectStore, 'get'>;
}

/** Looks at once: a store of 20 ms is asked for 800 items a second. */
const AT_ONCE = 16;
/** Items are admitted in order: after so many of which nothing is known none has been. */
const CHUNK = 100;

const CANCELED: CompactRow = {
  status: 'canceled',
  ...{ label: null, score: null, threshold: null, reason: null, code: null, faces: null, clips: null, run: null },
};

/**
 * What store and archive tell of the items of a batch. Rows of whole parts are counted; of the others each job is made known to Redis
 * again, with the secrets of its source, and without a flow.
 */
export async function findItems(
  ports: FindPorts,
  batch: BatchRecord,
  total: number,
  signal?: AbortSignal,
): Promise<FoundItems> {
  const { id } = batch;
  const stored: number[] = [];
  const ended = { succeeded: 0, failed: 0, canceled: 0 };
  const errors: Record<string, number> = {};
  const items: FoundItem[] = [];
  const open: number[] = [];
  const count = (row: Pick<CompactRow, 'status' | 'code'>): void => {
    ended[row.status] += 1;
    if (row.code !== null) errors[row.code] = (errors[row.code] ?? 0) + 1;
  };
  for (let from = 0; from < partsOf(total); from += AT_ONCE) {
    signal?.throwIfAborted();
    const parts = Array.from({ length: Math.min(AT_ONCE, partsOf(total) - from) }, (_, step) => from + step);
    const rowsOf = await mapBounded(parts, AT_ONCE, (part) => readPart(ports.store, id, 'rows', part, parseRow));
    for (const [at, part] of parts.entries()) {
      const rows = rowsOf[at] ?? null;
      if (rows === null) {
        open.push(part);
        continue;
      }
      stored.push(part);
      const again = await runAgain(ports, batch, rows);
      for (const row of rows) if (!again.some(({ index }) => index === row.index)) count(row);
      items.push(...again);
    }
  }
  const known = await knownItems(ports, batch, open, total, signal);
  items.push(...known.items);
  return { next: known.next, stored, ended, errors, items };
}

const parseRow = (value: unknown): StoredRow => StoredRowSchema.parse(value);

/** Of a part whose rows were stored before a retry: the failed ones whose job has begun another run since. */
async function runAgain(
  { lostJobs, vault, store }: FindPorts,
  { id, round }: BatchRecord,
  rows: readonly StoredRow[],
): Promise<FoundItem[]> {
  const failed = round === 1 ? [] : rows.filter(({ status }) => status === 'failed');
  if (failed.length === 0) return [];
  const items = await readItems(store, id, Math.floor((failed[0]?.index ?? 0) / ITEMS_PER_PART));
  const found = await mapBounded(failed, AT_ONCE, async ({ index, run }) => {
    const item = await findItem({ lostJobs, vault }, id, items, index);
    return item !== null && item.run > (run ?? 1) ? item : null;
  });
  return found.flatMap((item) => (item === null ? [] : [item]));
}

/** Every item that has been admitted, of parts that are not whole, and the first that has not been. */
async function knownItems(
  ports: FindPorts,
  { id, cancelRequested, status, next: stopped }: BatchRecord,
  parts: readonly number[],
  total: number,
  signal?: AbortSignal,
): Promise<{ readonly next: number; readonly items: FoundItem[] }> {
  const found: FoundItem[] = [];
  // Of a batch that admits nothing more all that was admitted is known, and what is not there has been deleted.
  const end = cancelRequested ? stopped : total;
  const isOver = cancelRequested || status === 'ended' || status === 'canceled';
  let next: number | null = null;
  for (const part of parts) {
    const items = await readItems(ports.store, id, part);
    const last = Math.min(end, (part + 1) * ITEMS_PER_PART);
    for (let from = part * ITEMS_PER_PART; from < last; from += CHUNK) {
      signal?.throwIfAborted();
      const indexes = Array.from({ length: Math.min(CHUNK, last - from) }, (_, step) => from + step);
      const chunk = await mapBounded(indexes, AT_ONCE, (index) => findItem(ports, id, items, index));
      for (const [at, index] of indexes.entries()) {
        const item = chunk[at] ?? null;
        if (item !== null) found.push(item);
        else if (isOver) found.push({ index, job: itemJobId(id, index), row: CANCELED });
        else next ??= index;
      }
      if (!isOver && chunk.every((item) => item === null)) return { next: next ?? from, items: found };
    }
  }
  return { next: next ?? end, items: found };
}

/** Null where nothing is known from which the job could go on: it is made anew. One that was deleted counts as canceled. */
async function findItem(
  { lostJobs, vault }: Pick<FindPorts, 'lostJobs' | 'vault'>,
  batch: BatchId,
  items: readonly StoredItem[],
  index: number,
): Promise<(FoundItem & { readonly run: number }) | null> {
  const job = itemJobId(batch, index);
  const found = await lostJobs.bringBack(job);
  if (found.outcome === 'gone') return { index, job, run: 1, row: CANCELED };
  if (found.outcome !== 'back') return null;
  const { record } = found;
  if (!isEnded(record.status)) {
    const secrets = items.find((item) => item.index === index)?.secrets;
    if (secrets !== undefined) await vault.keep(job, secrets);
    return { index, job, run: record.run, row: null };
  }
  const { status, verdict, error, run } = record;
  const row: CompactRow = {
    ...CANCELED,
    status: status === 'succeeded' || status === 'failed' ? status : 'canceled',
    ...(verdict !== undefined && { label: verdict.label, score: verdict.score, threshold: verdict.threshold }),
    reason: verdict?.reason ?? null,
    code: error?.code ?? null,
    run,
  };
  return { index, job, run, row };
}
