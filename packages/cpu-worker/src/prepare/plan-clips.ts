import { listScores } from '@styleflow/clips';
import type { JobRun, Prepared, PreparePayload, ScorePayload } from '@styleflow/contracts';
import type { JobQueue, JobRecords } from '@styleflow/queue';
import type { ObjectStore } from '@styleflow/storage';

export interface PlanPorts {
  readonly records: Pick<JobRecords, 'beginScoring' | 'countClip' | 'reportProgress'>;
  readonly queue: Pick<JobQueue, 'addScore'>;
  readonly store: ObjectStore;
}

/** Gives a clip its entry, or counts it when it has a score. */
export async function planClip(
  { queue, records }: PlanPorts,
  payload: PreparePayload,
  { track, clip, isScored }: { readonly track: number; readonly clip: number; readonly isScored: boolean },
): Promise<void> {
  const { job, run, owner, ofBatch, options, bundle, again } = payload;
  if (isScored) {
    await records.countClip({ job, run }, track, clip);
    return;
  }
  const score: ScorePayload = { v: 2, job, run, track, clip, keepCrops: options.keepCrops };
  await queue.addScore(score, bundle.digest, options.priority, { again: again !== undefined, owner, ofBatch });
}

/** After a run's account was stored its pixels may be gone already: only the queue's side is completed. */
export async function addStoredClips(ports: PlanPorts, payload: PreparePayload, prepared: Prepared): Promise<void> {
  const { job, run } = payload;
  const scored = await listScores(ports.store, { job, run });
  let planned = 0;
  for (const { track, clips } of prepared.tracks) {
    for (const { index: clip } of clips) {
      planned += 1;
      await planClip(ports, payload, { track, clip, isScored: scored.has(track, clip) });
    }
  }
  await ports.records.reportProgress({ job, run }, { framesDecoded: prepared.video.framesUsed, clipsPlanned: planned });
  if (planned > 0) await ports.records.beginScoring({ job, run });
}

/** Whether a clip that was planned has no score. */
export async function lacksScores(store: ObjectStore, run: JobRun, { tracks }: Prepared): Promise<boolean> {
  const scored = await listScores(store, run);
  return tracks.some(({ track, clips }) => clips.some(({ index }) => !scored.has(track, index)));
}
