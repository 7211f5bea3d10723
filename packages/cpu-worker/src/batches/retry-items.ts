import { partOf, readRows } from '@styleflow/batches';
import { itemJobId } from '@styleflow/contracts';
import { type BatchRecord, ITEMS_PER_PART, preparePayloadOf } from '@styleflow/queue';
import type { BatchPorts } from './batch-ports.js';

/** Has the next so many failed items of a batch run again, from where the retry has come to. */
export async function retryItems(ports: BatchPorts, batch: BatchRecord, count: number): Promise<void> {
  const { batches, records, queue } = ports;
  if (batch.retryAt === null) return;
  let left = count;
  for (let part = partOf(batch.retryAt); part * ITEMS_PER_PART < batch.next; part += 1) {
    const { rows } = await readRows(ports, batch.id, part);
    const failed = [...rows].flatMap(([index, row]) =>
      row?.status === 'failed' && index >= (batch.retryAt ?? 0) ? [index] : [],
    );
    for (const index of failed.sort((a, b) => a - b)) {
      if (left === 0) return batches.noteRetried(batch.id, index);
      // Null: it was deleted, or runs again by itself.
      const record = await records.startRetry(itemJobId(batch.id, index));
      if (record !== null) await queue.addFlow(preparePayloadOf(record));
      left -= 1;
    }
    await batches.noteRetried(batch.id, Math.min(batch.next, (part + 1) * ITEMS_PER_PART));
  }
  await batches.noteRetried(batch.id, null);
}
