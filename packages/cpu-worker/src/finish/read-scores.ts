import { listScores, readScore, type ScorePlace } from '@styleflow/clips';
import { type ClipScore, INLINE_CLIPS_MAX, type JobRun, type Prepared } from '@styleflow/contracts';
import { mapBounded } from '@styleflow/runtime';
import { isDamagedObject, type ObjectStore } from '@styleflow/storage';

/** Reads at once: enough to hide a store's latency, few enough for its connections. */
const READS_AT_ONCE = 16;

/** What is known of each planned clip; a clip without a score was given up. */
export interface ScoreSheet {
  readonly planned: number;
  readonly scored: number;
  /** When the last score was stored; null without one. */
  readonly lastStoredAt: Date | null;
  of(track: number, clip: number): ClipScore | null;
  /** Whether the clip has a score that is not what was written; `of` answers null for it. */
  isDamaged(track: number, clip: number): boolean;
}

/**
 * The stored scores of a run's planned clips. Beyond `INLINE_CLIPS_MAX` clips their style flow and attention (some 15 kB
 * a clip) are dropped as they are read, so that memory stays small for any number of clips.
 * @param place of which bundle, where several judge the job, and of which re-encoding of the clips; of these style flow and attention are
 * dropped in any case.
 * @throws JobError `storage_unavailable`
 */
export async function readScores(
  store: ObjectStore,
  { job, run }: JobRun,
  prepared: Prepared,
  place: ScorePlace = {},
): Promise<ScoreSheet> {
  const listed = await listScores(store, { job, run });
  const clips = prepared.tracks.flatMap(({ track, clips }) => clips.map(({ index }) => ({ track, clip: index })));
  const isInline = clips.length <= INLINE_CLIPS_MAX && place.variant === undefined;
  const scores = new Map<string, ClipScore>();
  const damaged = new Set<string>();
  let lastStoredAt: Date | null = null;
  await mapBounded(clips, READS_AT_ONCE, async ({ track, clip }) => {
    const at = listed.storedAt(track, clip, place);
    const score =
      at &&
      (await readScore(store, { job, run, track, clip, ...place }).catch((error: unknown) => {
        if (!isDamagedObject(error)) throw error;
        damaged.add(`${track}.${clip}`);
        return null;
      }));
    if (!at || !score) return;
    const { styleFlow, attention, ...facts } = score;
    const details = { ...(styleFlow && { styleFlow }), ...(attention && { attention }) };
    scores.set(`${track}.${clip}`, isInline ? { ...facts, ...details } : facts);
    if (lastStoredAt === null || at > lastStoredAt) lastStoredAt = at;
  });
  return {
    planned: clips.length,
    scored: scores.size,
    lastStoredAt,
    of: (track, clip) => scores.get(`${track}.${clip}`) ?? null,
    isDamaged: (track, clip) => damaged.has(`${track}.${clip}`),
  };
}
