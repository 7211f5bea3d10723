import { dropScore, listPixels, type ScorePlace } from '@styleflow/clips';
import type { ClipRef, JobRun, Prepared } from '@styleflow/contracts';
import type { ChildFailures } from '@styleflow/queue';
import { type Logger, metrics } from '@styleflow/runtime';
import { clipKey, clipScoreKey, type ObjectStore } from '@styleflow/storage';
import type { ScoreSheet } from './read-scores.js';

/** A clip whose score, or whose pixels before it had one, are damaged or gone. */
export interface LostClip extends ClipRef {
  /** The object that cannot be read. */
  readonly key: string;
}

/**
 * The planned clips that have no score and that no worker can give one: their score is damaged, or they are neither scored nor
 * have pixels. A clip that failed and still has its pixels was given up, and is not among them. Damaged scores are deleted, so
 * that the clips count as not scored for every stage.
 * @throws JobError `storage_unavailable`
 */
export async function findLostClips(
  { store, logger }: { readonly store: ObjectStore; readonly logger: Logger },
  run: JobRun,
  {
    prepared,
    scores,
    failures,
    place,
  }: {
    readonly prepared: Prepared;
    readonly scores: ScoreSheet;
    /** Of this bundle alone, where several judge the job. */
    readonly failures: ChildFailures;
    /** Whose scores, and of which re-encoding. */
    readonly place: ScorePlace;
  },
): Promise<LostClip[]> {
  if (scores.scored === scores.planned) return [];
  const refs = prepared.tracks.flatMap(({ track, clips }) =>
    clips.map(({ index }) => ({ ...run, track, clip: index, ...place })),
  );
  const unscored = refs.filter(({ track, clip }) => scores.of(track, clip) === null);
  const pixels = await listPixels(store, run);
  const failed = new Set(failures.clips.map(({ track, clip }) => `${track}.${clip}`));
  const lost: LostClip[] = [];
  for (const ref of unscored) {
    const { job, track, clip } = ref;
    const isScoreDamaged = scores.isDamaged(track, clip);
    if (!isScoreDamaged && failed.has(`${track}.${clip}`) && pixels.has(track, clip, place.variant)) continue;
    const isClip = !isScoreDamaged && failed.has(`${track}.${clip}`);
    const { bundle, variant } = place;
    const key = isClip
      ? clipKey(job, run.run, track, clip, variant)
      : clipScoreKey(job, run.run, track, clip, bundle, variant);
    lost.push({ ...ref, key });
    metrics.objectDamaged(isClip ? 'clip' : 'score');
    logger.warn({ key }, 'a stored object is damaged or gone');
    if (isScoreDamaged) await dropScore(store, ref);
  }
  return lost;
}
