import { type ClipRef, type ClipScore, ClipScoreSchema, JobError } from '@styleflow/contracts';
import { decodeClip } from '@styleflow/faces';
import { clipKey, clipScoreKey, type ObjectStore } from '@styleflow/storage';

/** True when the clip has a score that can be read; a damaged one counts as absent and is written anew. */
export async function hasScore(store: Pick<ObjectStore, 'get'>, clip: ClipRef): Promise<boolean> {
  const stored = await store.get(scoreKeyOf(clip));
  if (stored === null) return false;
  try {
    return ClipScoreSchema.safeParse(JSON.parse(stored.toString())).success;
  } catch {
    return false;
  }
}

/**
 * The clip's RGB bytes [32, 256, 256, 3].
 * @throws JobError `inference_failed`, not retryable, when they are absent or damaged: the prepare stage stores them before
 * it enqueues the clip, so waiting does not help.
 */
export async function readPixels(store: Pick<ObjectStore, 'get'>, clip: ClipRef): Promise<Uint8Array<ArrayBuffer>> {
  const key = clipKey(clip.job, clip.run, clip.track, clip.clip);
  const stored = await store.get(key);
  const name = `clip ${clip.clip} of face ${clip.track}`;
  if (stored === null) {
    throw new JobError('inference_failed', `${name} has neither pixels nor a score`, { retryable: false });
  }
  try {
    return await decodeClip(stored);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new JobError('inference_failed', `the pixels of ${name} are damaged: ${reason}`, {
      retryable: false,
      cause: error,
    });
  }
}

export async function writeScore(store: Pick<ObjectStore, 'put'>, clip: ClipRef, score: ClipScore): Promise<void> {
  await store.put(scoreKeyOf(clip), JSON.stringify(score), 'application/json');
}

/** Takes away the pixels, which nobody reads once the score is stored. */
export async function dropPixels(store: Pick<ObjectStore, 'delete'>, clip: ClipRef): Promise<void> {
  await store.delete([clipKey(clip.job, clip.run, clip.track, clip.clip)]);
}

/** Takes away what this stage wrote for a job that was deleted meanwhile. */
export async function dropAll(store: Pick<ObjectStore, 'delete'>, clip: ClipRef): Promise<void> {
  await store.delete([scoreKeyOf(clip), clipKey(clip.job, clip.run, clip.track, clip.clip)]);
}

function scoreKeyOf({ job, run, track, clip }: ClipRef): string {
  return clipScoreKey(job, run, track, clip);
}
