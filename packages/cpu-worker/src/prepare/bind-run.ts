import type { JobRun } from '@styleflow/contracts';
import {
  beganKey,
  isDamagedObject,
  type ObjectStore,
  readSealedJson,
  scoresPrefix,
  sealJson,
} from '@styleflow/storage';
import { z } from 'zod';

const BeganSchema = z.object({ v: z.literal(1), preprocessing: z.string() });

/**
 * Binds a run to the rules by which its first attempt cuts clips. Where an attempt by other rules has begun it, as on a worker of
 * another version, the scores of its clips are deleted: the clips of one result are all cut alike. Whatever then lacks
 * its score is cut and scored anew.
 * @param preprocessing digest of this worker's rules.
 * @throws JobError of the store.
 */
export async function bindRun(
  store: Pick<ObjectStore, 'get' | 'put' | 'deletePrefix'>,
  { job, run }: JobRun,
  preprocessing: string,
): Promise<void> {
  const key = beganKey(job, run);
  if ((await boundTo(store, key)) === preprocessing) return;
  // Without a note there are no scores, or those of a version that wrote none.
  await store.deletePrefix(scoresPrefix(job, run));
  await store.put(key, sealJson({ v: 1, preprocessing }), 'application/json');
}

async function boundTo(store: Pick<ObjectStore, 'get'>, key: string): Promise<string | null> {
  try {
    return (await readSealedJson(store, key, (parsed) => BeganSchema.parse(parsed)))?.preprocessing ?? null;
  } catch (error) {
    if (isDamagedObject(error)) return null;
    throw error;
  }
}
