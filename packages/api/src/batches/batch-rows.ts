import { partOf, readItems, readPart, readRows, resultRow, shownSource } from '@styleflow/batches';
import {
  ERROR_TABLE,
  type ErrorRow,
  itemJobId,
  JobError,
  ManifestFaultSchema,
  type ResultRow,
} from '@styleflow/contracts';
import { type BatchRecord, ITEMS_PER_PART } from '@styleflow/queue';
import type { ApiPorts } from '../ports/api-ports.js';

type RowPorts = Pick<ApiPorts, 'batches' | 'store'>;

/** The rows of items `from` up to `end`, all of which have ended. A part of them is held at a time. */
export async function* resultRows(
  ports: RowPorts,
  batch: BatchRecord,
  from: number,
  end: number,
): AsyncGenerator<ResultRow, void> {
  for (let part = partOf(from); part * ITEMS_PER_PART < end; part += 1) {
    const items = await readItems(ports.store, batch.id, part);
    const { rows } = await readRows(ports, batch.id, part);
    for (const item of items) {
      if (item.index < from || item.index >= end) continue;
      const row = rows.get(item.index) ?? null;
      // It runs again since: what comes behind it is not known any more.
      if (row === null && item.index < batch.next) throw new JobError('conflict', 'The batch was retried meanwhile.');
      yield resultRow(batch.id, item, row);
    }
  }
}

/** The error file: faults of the manifest, then items that have failed. */
export async function* errorRows(ports: RowPorts, batch: BatchRecord): AsyncGenerator<ErrorRow, void> {
  for (let part = 0; part * ITEMS_PER_PART < batch.faults; part += 1) {
    const faults = await readPart(ports.store, batch.id, 'faults', part, (value) => ManifestFaultSchema.parse(value));
    for (const { line, column, message } of faults ?? []) {
      const error_code = 'invalid_request';
      yield { kind: 'fault', line, column, id: null, source: null, error_code, message, job: null };
    }
  }
  if (batch.counts.failed === 0) return;
  for (let part = 0; part * ITEMS_PER_PART < batch.next; part += 1) {
    const { rows } = await readRows(ports, batch.id, part);
    if (![...rows.values()].some((row) => row?.status === 'failed')) continue;
    for (const { index, line, id, source } of await readItems(ports.store, batch.id, part)) {
      const row = rows.get(index);
      if (row?.status !== 'failed') continue;
      const error_code = row.code ?? 'internal';
      const message = `${ERROR_TABLE[error_code].title}.`;
      const job = itemJobId(batch.id, index);
      yield { kind: 'item', line, column: null, id, source: shownSource({ source }), error_code, message, job };
    }
  }
}
