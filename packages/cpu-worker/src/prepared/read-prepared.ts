import { type JobRun, type Prepared, PreparedSchema } from '@styleflow/contracts';
import { isDamagedObject, type ObjectStore, preparedKey, readSealedJson } from '@styleflow/storage';

export interface StoredPrepared {
  readonly value: Prepared;
  readonly storedAt: Date;
}

/** What the run's prepare stage stored at its end; null when it has not, `damaged` when what stands there is not what it stored. */
export async function readPrepared(
  store: Pick<ObjectStore, 'get' | 'head'>,
  { job, run }: JobRun,
): Promise<StoredPrepared | 'damaged' | null> {
  const key = preparedKey(job, run);
  try {
    const [value, facts] = await Promise.all([
      readSealedJson(store, key, (parsed) => PreparedSchema.parse(parsed)),
      store.head(key),
    ]);
    return value === null || facts === null ? null : { value, storedAt: facts.modifiedAt };
  } catch (error) {
    if (isDamagedObject(error)) return 'damaged';
    throw error;
  }
}
