import { type JobRun, type Prepared, PreparedSchema } from '@styleflow/contracts';
import { type ObjectStore, preparedKey } from '@styleflow/storage';

export interface StoredPrepared {
  readonly value: Prepared;
  readonly storedAt: Date;
}

/** What the run's prepare stage stored at its end; null when it has not, or when what stands there is no such account. */
export async function readPrepared(store: ObjectStore, { job, run }: JobRun): Promise<StoredPrepared | null> {
  const key = preparedKey(job, run);
  const [bytes, facts] = await Promise.all([store.get(key), store.head(key)]);
  if (bytes === null || facts === null) return null;
  const parsed = PreparedSchema.safeParse(parseJson(bytes.toString('utf8')));
  return parsed.success ? { value: parsed.data, storedAt: facts.modifiedAt } : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON at all is one way of not being such an account: the schema refuses it.
    return undefined;
  }
}
