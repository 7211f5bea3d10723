import { JobError } from '@styleflow/contracts';
import { type ObjectStore, probeKey } from '@styleflow/storage';

/** The time by the store's own clock, ms since the epoch: when an object was written that is written for this. */
export async function readStoreTime(store: ObjectStore): Promise<number> {
  const key = probeKey('doctor');
  await store.put(key, '', 'application/octet-stream');
  const probe = await store.head(key);
  await store.delete([key]);
  if (probe === null) throw new JobError('storage_unavailable', 'What is written to the object store cannot be found.');
  return probe.modifiedAt.getTime();
}
