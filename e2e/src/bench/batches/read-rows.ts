import type { StyleFlowClient } from '@styleflow/client';
import { batchPartsPrefix, type ObjectStore } from '@styleflow/storage';
import type { RowsEvidence } from './audit-rows.js';
import { linesOf } from './follow-batch.js';

/** The lines of the CSV file, its header among them. */
export async function csvLines(client: StyleFlowClient, id: string): Promise<string[]> {
  const all: string[] = [];
  const { bytes } = await client.batches.exportResults(id, { format: 'csv' });
  for await (const line of linesOf(bytes)) all.push(line);
  return all;
}

/** The store's own rows: under a line with their digest, a row a line. */
export async function storedRows(store: ObjectStore, id: string): Promise<RowsEvidence['storedRows']> {
  const rows: { index: number; status: string }[] = [];
  const keys: string[] = [];
  for await (const { key } of store.list(batchPartsPrefix(id, 'rows'))) keys.push(key);
  for (const key of keys.sort()) {
    const [, ...texts] = String(await store.get(key)).split('\n');
    rows.push(
      ...texts.filter((text) => text !== '').map((text) => JSON.parse(text) as { index: number; status: string }),
    );
  }
  return rows;
}
