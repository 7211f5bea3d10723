import { copyClip, listScores, type ScorePlace } from '@styleflow/clips';
import {
  type ClipRef,
  JobError,
  type JobRun,
  type Prepared,
  type PreparePayload,
  type WholeFrame,
} from '@styleflow/contracts';
import { type Logger, metrics } from '@styleflow/runtime';
import { frameKey, type ObjectStore } from '@styleflow/storage';
import { writePrepared } from '../prepared/write-prepared.js';
import { awaitScoring } from './await-scoring.js';
import { bindRun } from './bind-run.js';
import type { ClipKeeper } from './hold-for-shadows.js';
import type { KeptClips } from './kept-clips.js';
import { type PlanPorts, planClip } from './plan-clips.js';
import type { PrepareThreads } from './prepare-threads.js';

type TakeOverPorts = PlanPorts &
  Parameters<typeof awaitScoring>[0] & { readonly store: ObjectStore; readonly threads: Pick<PrepareThreads, 'lend'> };

interface TakeOver {
  readonly places: readonly ScorePlace[];
  readonly keeper: ClipKeeper;
  readonly signal: AbortSignal;
  readonly logger: Logger;
}

/**
 * Prepares a run from the clips of an earlier one, without decoding: each clip is copied inside the store and gets its entry, and the account
 * is the earlier one. A picture that has gone is made anew from its clip's pixels. It may run twice, as `prepareVideo`, and waits for scores as
 * often.
 * @param places every score that a clip needs.
 * @throws JobError `source_unreachable`, to be tried again, when a clip goes meanwhile; the signal's reason.
 */
export async function takeOverClips(
  ports: TakeOverPorts,
  payload: PreparePayload,
  { from, prepared }: KeptClips,
  { places, keeper, signal, logger }: TakeOver,
): Promise<void> {
  const { store, records, threads } = ports;
  const copying = {
    isKept: payload.options.keepCrops,
    redraw: (from: ClipRef, to: ClipRef) => threads.lend((thread) => thread.redraw(from, to)),
  };
  const run: JobRun = { job: payload.job, run: payload.run };
  const beganAt = performance.now();
  const { framesUsed } = prepared.video;
  await records.reportProgress(run, { framesDecoded: framesUsed, framesTotal: framesUsed });
  await bindRun(store, run, prepared.preprocessing, prepared.video.sha256);
  const scored = await listScores(store, run, places);
  let planned = 0;
  for (const { track, clips } of prepared.tracks) {
    for (const { index: clip } of clips) {
      signal.throwIfAborted();
      const isScored = scored.has(track, clip);
      if (!isScored && !(await copyClip(store, { ...from, track, clip }, { ...run, track, clip }, copying))) {
        throw new JobError('source_unreachable', `A clip that job ${from.job} had kept went while it was copied`);
      }
      planned += 1;
      await planClip(ports, payload, { track, clip, isScored, isShadowed: await keeper(planned) });
      await records.reportProgress(run, { clipsPlanned: planned });
      await awaitScoring(ports, run, planned, signal);
    }
  }
  signal.throwIfAborted();
  const frames = await copyFrames(store, from, run, prepared.frames ?? []);
  const seconds = (performance.now() - beganAt) / 1000;
  await writePrepared(store, run, accountOf(prepared, frames, seconds));
  metrics.stageTook('prepare', 'copy', seconds);
  if (planned > 0) await records.beginScoring(run);
  logger.info({ from: from.job, clips: planned }, 'prepared from kept clips');
}

/** The account of the earlier run, but for what is not taken over. */
function accountOf({ preview: _ofThatJob, ...prepared }: Prepared, frames: WholeFrame[], seconds: number): Prepared {
  return { ...prepared, ...(prepared.frames && { frames }), steps: { copy: Math.round(seconds * 1000) / 1000 } };
}

/** Those pictures that are still there: a report can do without. */
async function copyFrames(
  store: ObjectStore,
  from: JobRun,
  to: JobRun,
  frames: readonly WholeFrame[],
): Promise<WholeFrame[]> {
  const copied: WholeFrame[] = [];
  for (const frame of frames) {
    const isThere = await store.copy(frameKey(from.job, from.run, frame.frame), frameKey(to.job, to.run, frame.frame));
    if (isThere) copied.push(frame);
  }
  return copied;
}
