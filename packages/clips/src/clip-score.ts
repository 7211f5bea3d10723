import { type ClipRef, type ClipScore, ClipScoreSchema } from '@styleflow/contracts';
import type { ObjectStore } from '@styleflow/storage';
import { scoreKeyOf } from './clip-keys.js';

export async function writeScore(store: Pick<ObjectStore, 'put'>, clip: ClipRef, score: ClipScore): Promise<void> {
  await store.put(scoreKeyOf(clip), JSON.stringify(score), 'application/json');
}

/**
 * The clip's score; null when none is stored.
 * @throws what parsing throws when it is damaged: a fault of the score stage.
 */
export async function readScore(store: Pick<ObjectStore, 'get'>, clip: ClipRef): Promise<ClipScore | null> {
  const stored = await store.get(scoreKeyOf(clip));
  return stored === null ? null : ClipScoreSchema.parse(JSON.parse(stored.toString('utf8')));
}

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
