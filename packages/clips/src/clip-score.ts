import { type ClipRef, type ClipScore, ClipScoreSchema } from '@styleflow/contracts';
import type { ObjectStore } from '@styleflow/storage';
import { scoreKeyOf } from './clip-keys.js';

export async function writeScore(store: Pick<ObjectStore, 'put'>, clip: ClipRef, score: ClipScore): Promise<void> {
  await store.put(scoreKeyOf(clip), JSON.stringify(score), 'application/json');
}

/**
 * The clip's score; null when none is stored.
 * @throws what parsing throws when it is damaged, for which the score stage is to blame.
 */
export async function readScore(store: Pick<ObjectStore, 'get'>, clip: ClipRef): Promise<ClipScore | null> {
  const stored = await store.get(scoreKeyOf(clip));
  return stored === null ? null : ClipScoreSchema.parse(JSON.parse(stored.toString('utf8')));
}

/** Whether the clip has a readable score. A damaged one counts as absent, so that it is written again. */
export async function hasScore(store: Pick<ObjectStore, 'get'>, clip: ClipRef): Promise<boolean> {
  const stored = await store.get(scoreKeyOf(clip));
  if (stored === null) return false;
  try {
    return ClipScoreSchema.safeParse(JSON.parse(stored.toString())).success;
  } catch {
    return false;
  }
}
