import { dropRunPictures } from '@styleflow/clips';
import type { Deletion, JobRecord } from '@styleflow/queue';
import { sourceKey } from '@styleflow/storage';
import type { SweepPorts } from './sweep-ports.js';

/** The first of these that may be deleted now. */
export async function granted<T>(
  { deletionPace, retention, logger }: SweepPorts,
  what: Deletion,
  due: readonly T[],
): Promise<readonly T[]> {
  if (due.length === 0) return due;
  const count = await deletionPace.grant(what, due.length, retention.maxPerMinute);
  if (count < due.length)
    logger.info({ what, perMinute: retention.maxPerMinute }, 'retention goes on in the next round');
  return due.slice(0, count);
}

/** Of all its runs: a retried job's earlier pictures go with the last ones. */
export async function deleteMediaOf(
  store: SweepPorts['store'],
  { id, run }: Pick<JobRecord, 'id' | 'run'>,
): Promise<void> {
  await store.delete([sourceKey(id)]);
  for (let number = 1; number <= run; number += 1) await dropRunPictures(store, { job: id, run: number });
}
