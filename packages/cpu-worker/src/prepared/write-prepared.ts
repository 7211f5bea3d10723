import type { JobRun, Prepared } from '@styleflow/contracts';
import { type ObjectStore, preparedKey, sealJson } from '@styleflow/storage';

/** Stores the run's account, after its last clip: whoever finds it knows that nothing is missing. */
export async function writePrepared(store: ObjectStore, { job, run }: JobRun, account: Prepared): Promise<void> {
  await store.put(preparedKey(job, run), sealJson(account), 'application/json');
}
