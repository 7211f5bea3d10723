import { type BatchId, JobError } from '@styleflow/contracts';
import type { ObjectStore } from '@styleflow/storage';
import { readPart } from './batch-parts.js';
import { type StoredItem, StoredItemSchema } from './stored-item.js';

/** @throws JobError `internal` where the part is not there; a damaged one is known to `isDamagedObject` */
export async function readItems(store: Pick<ObjectStore, 'get'>, id: BatchId, part: number): Promise<StoredItem[]> {
  const items = await readPart(store, id, 'items', part, (value) => StoredItemSchema.parse(value));
  if (items === null) throw new JobError('internal', `Part ${part} of the items of ${id} is gone.`);
  return items;
}
