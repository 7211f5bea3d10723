import { type BatchId, itemIndexOf, itemJobId, type JobStatus } from '@styleflow/contracts';
import { type BatchRecord, fitsNarrowing, isNarrow, type JobRecord, type Narrowing } from '@styleflow/queue';
import { invalidRequest } from '../http/parse-request.js';
import type { ApiPorts } from '../ports/api-ports.js';

const PAGE = 200;
/** Jobs looked at for one answer: a page of a rare status may be short and yet not the last one. */
const MOST_LOOKED_AT = 2_000;

interface ItemsQuery {
  readonly status?: JobStatus | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly narrowing?: Narrowing;
}

/**
 * The jobs of a batch, newest first, those that ended long ago too: their ids are derived, so that no list of them is kept.
 */
export async function listItems(
  { records }: Pick<ApiPorts, 'records'>,
  batch: BatchRecord,
  { status, limit, cursor, narrowing = {} }: ItemsQuery,
): Promise<{ jobs: JobRecord[]; nextCursor: string | null }> {
  let before = cursor === undefined ? batch.next : readCursor(batch.id, cursor);
  const jobs: JobRecord[] = [];
  for (let looked = 0; before > 0 && jobs.length < limit && looked < MOST_LOOKED_AT; ) {
    const size = Math.min(PAGE, before, status === undefined && !isNarrow(narrowing) ? limit - jobs.length : PAGE);
    const ids = Array.from({ length: size }, (_, step) => itemJobId(batch.id, before - 1 - step));
    looked += size;
    for (const record of await records.readMany(ids)) {
      if ((status !== undefined && record.status !== status) || !fitsNarrowing(record, narrowing)) continue;
      jobs.push(record);
      if (jobs.length === limit) return { jobs, nextCursor: record.id };
    }
    before -= size;
  }
  return { jobs, nextCursor: before > 0 ? itemJobId(batch.id, before) : null };
}

function readCursor(batch: BatchId, cursor: string): number {
  const index = itemIndexOf(batch, cursor);
  if (index === null) throw invalidRequest('cursor: not one of this list.');
  return index;
}
