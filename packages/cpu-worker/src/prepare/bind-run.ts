import { JobError, type JobRun } from '@styleflow/contracts';
import {
  beganKey,
  isDamagedObject,
  type ObjectStore,
  readSealedJson,
  scoresPrefix,
  sealJson,
} from '@styleflow/storage';
import { z } from 'zod';

const BeganSchema = z.object({ v: z.literal(1), preprocessing: z.string(), sha256: z.string().optional() });
type Began = z.infer<typeof BeganSchema>;

/**
 * Binds a run to its video, and to the rules by which its first attempt cuts clips. Where an attempt by other rules has begun it, as on
 * a worker of another version, the scores of its clips are deleted: the clips of one result are all cut alike. Whatever then lacks its
 * score is cut and scored anew.
 * @param preprocessing digest of this worker's rules.
 * @param sha256 of the video.
 * @throws JobError `source_unreachable`, for good, when the run was begun with another video: clips of two must not meet in one result; of
 *   the store.
 */
export async function bindRun(
  store: Pick<ObjectStore, 'get' | 'put' | 'deletePrefix'>,
  { job, run }: JobRun,
  preprocessing: string,
  sha256: string,
): Promise<void> {
  const key = beganKey(job, run);
  const began = await boundTo(store, key);
  if (began?.sha256 !== undefined && began.sha256 !== sha256) throw anotherVideo();
  if (began?.preprocessing === preprocessing) return;
  // Without a note there are no scores, or those of a version that wrote none.
  await store.deletePrefix(scoresPrefix(job, run));
  await store.put(key, sealJson({ v: 1, preprocessing, sha256 }), 'application/json');
}

async function boundTo(store: Pick<ObjectStore, 'get'>, key: string): Promise<Began | null> {
  try {
    return await readSealedJson(store, key, (parsed) => BeganSchema.parse(parsed));
  } catch (error) {
    if (isDamagedObject(error)) return null;
    throw error;
  }
}

/** What an attempt answers that meets another video than the one before. */
export function anotherVideo(): JobError {
  return new JobError('source_unreachable', 'The source is not the video any more that it was at first.', {
    retryable: false,
  });
}
