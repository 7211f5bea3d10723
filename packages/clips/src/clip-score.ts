import { type ClipRef, type ClipScore, ClipScoreSchema, type ClipVariant } from '@styleflow/contracts';
import { isDamagedObject, type ObjectStore, readSealedJson, sealJson } from '@styleflow/storage';
import { scoreKeyOf } from './clip-keys.js';

export async function writeScore(store: Pick<ObjectStore, 'put'>, clip: ClipRef, score: ClipScore): Promise<void> {
  await store.put(scoreKeyOf(clip), sealJson(score), 'application/json');
}

/**
 * The clip's score; null when none is stored.
 * @throws JobError known to `isDamagedObject` when what is stored is not what was written.
 */
export function readScore(store: Pick<ObjectStore, 'get'>, clip: ClipRef): Promise<ClipScore | null> {
  return readSealedJson(store, scoreKeyOf(clip), (value) => ClipScoreSchema.parse(value));
}

/**
 * Which of these bundles have not stored every score of the clip: of the clip itself and of these re-encodings of it. Whether a score
 * can be read is not looked at.
 */
export async function lackingScores(
  store: Pick<ObjectStore, 'head'>,
  clip: ClipRef,
  bundles: readonly string[],
  variants: readonly ClipVariant[] = [],
): Promise<string[]> {
  const places = [undefined, ...variants];
  const heads = await Promise.all(
    bundles.map((bundle) => Promise.all(places.map((variant) => store.head(scoreKeyOf({ ...clip, bundle, variant }))))),
  );
  return bundles.filter((_, index) => heads[index]?.includes(null));
}

/** Whether the clip has a readable score. A damaged one counts as absent, so that it is written again. */
export async function hasScore(store: Pick<ObjectStore, 'get'>, clip: ClipRef): Promise<boolean> {
  try {
    return (await readScore(store, clip)) !== null;
  } catch (error) {
    if (isDamagedObject(error)) return false;
    throw error;
  }
}
