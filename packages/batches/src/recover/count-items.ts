import type { BatchId } from '@styleflow/contracts';
import { ITEMS_PER_PART } from '@styleflow/queue';
import { batchPartsPrefix, type ObjectStore } from '@styleflow/storage';
import { readItems } from '../stored/read-items.js';

/** How many items lie in the store. */
export async function countItems(store: Pick<ObjectStore, 'get' | 'list'>, id: BatchId): Promise<number> {
  let parts = 0;
  for await (const _ of store.list(batchPartsPrefix(id, 'items'))) parts += 1;
  if (parts === 0) return 0;
  return (parts - 1) * ITEMS_PER_PART + (await readItems(store, id, parts - 1)).length;
}
