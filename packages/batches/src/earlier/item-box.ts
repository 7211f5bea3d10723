import { isBatchId, JobError } from '@styleflow/contracts';
import type { JobRecord } from '@styleflow/queue';
import { isDamagedObject, type ObjectStore } from '@styleflow/storage';
import { partOf } from '../stored/batch-parts.js';
import { readItems } from '../stored/read-items.js';

/**
 * The sealed address of a batch's item, which outlives that of its job: the box is the job's, name `source`. Null where the job is no
 * item, its batch is gone, or nothing of the address was secret.
 * @throws JobError of the store while it is away
 */
export async function itemBoxOf(
  store: Pick<ObjectStore, 'get'>,
  { batch, item }: Pick<JobRecord, 'batch' | 'item'>,
): Promise<string | null> {
  if (batch === undefined || item === undefined || !isBatchId(batch)) return null;
  try {
    const items = await readItems(store, batch, partOf(item));
    return items.find(({ index }) => index === item)?.secrets?.source ?? null;
  } catch (error) {
    const isLost = isDamagedObject(error) || (error instanceof JobError && error.away === undefined);
    if (isLost) return null;
    throw error;
  }
}
