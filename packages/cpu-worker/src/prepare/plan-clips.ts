import { listScores, type ScorePlace } from '@styleflow/clips';
import {
  digest12,
  type JobRun,
  type Prepared,
  type PreparePayload,
  type ScorePayload,
  variantsOf,
} from '@styleflow/contracts';
import type { JobQueue, JobRecords } from '@styleflow/queue';
import type { ObjectStore } from '@styleflow/storage';
import type { ClipKeeper } from './hold-for-shadows.js';

export interface PlanPorts {
  readonly records: Pick<JobRecords, 'beginScoring' | 'countClip' | 'noteKept' | 'read' | 'reportProgress'>;
  readonly queue: Pick<JobQueue, 'addScore'>;
  readonly store: ObjectStore;
}

interface PlannedClip {
  readonly track: number;
  readonly clip: number;
  readonly isScored: boolean;
  /** Its pixels are not to go with its scores (see `ClipKeeper`). */
  readonly isShadowed: boolean;
}

/** Gives a clip its entry, or one for each of several bundles; or counts it when it has all scores that it needs. */
export async function planClip(
  { queue, records }: PlanPorts,
  payload: PreparePayload,
  { track, clip, isScored, isShadowed }: PlannedClip,
): Promise<void> {
  const { job, run, owner, ofBatch, options, bundle, again } = payload;
  if (isScored) {
    await records.countClip({ job, run }, track, clip);
    return;
  }
  const { keepCrops, priority } = options;
  const variants = variantsOf(options);
  const entry = {
    ...{ job, run, track, clip, keepCrops },
    ...(variants.length > 0 && { variants: [...variants] }),
    ...(isShadowed && { shadowed: true as const }),
  };
  const place = { again: again !== undefined, owner, ofBatch };
  if (payload.bundles === undefined) {
    await queue.addScore({ v: variants.length > 0 ? 4 : 2, ...entry }, bundle.digest, priority, place);
    return;
  }
  const all = payload.bundles.map(({ digest }) => digest12(digest));
  // Nobody would take the entry of one that was left out meanwhile. A bundle that has its score only looks for it.
  const leftOut = (await records.read(job))?.leftOut ?? [];
  const asked = payload.bundles.filter(({ digest }) => !leftOut.includes(digest12(digest)));
  for (const { digest } of asked) {
    const v = variants.length > 0 ? 4 : 3;
    const score: ScorePayload = { v, ...entry, bundle: digest12(digest), bundles: all };
    await queue.addScore(score, digest, priority, place);
  }
  if (asked.length === 0) await records.countClip({ job, run }, track, clip);
}

/**
 * After a run's account was stored its pixels may be gone already: only the queue's side is completed.
 * @param places every score that a clip needs.
 */
export async function addStoredClips(
  ports: PlanPorts,
  payload: PreparePayload,
  prepared: Prepared,
  { places, keeper }: { readonly places: readonly ScorePlace[]; readonly keeper: ClipKeeper },
): Promise<void> {
  const { job, run } = payload;
  const scored = await listScores(ports.store, { job, run }, places);
  let planned = 0;
  for (const { track, clips } of prepared.tracks) {
    for (const { index: clip } of clips) {
      planned += 1;
      const isShadowed = await keeper(planned);
      await planClip(ports, payload, { track, clip, isScored: scored.has(track, clip), isShadowed });
    }
  }
  await ports.records.reportProgress({ job, run }, { framesDecoded: prepared.video.framesUsed, clipsPlanned: planned });
  if (planned > 0) await ports.records.beginScoring({ job, run });
}

/** Whether a clip that was planned lacks one of these scores. */
export async function lacksScores(
  store: ObjectStore,
  run: JobRun,
  { tracks }: Prepared,
  places: readonly ScorePlace[],
): Promise<boolean> {
  const scored = await listScores(store, run, places);
  return tracks.some(({ track, clips }) => clips.some(({ index }) => !scored.has(track, index)));
}
