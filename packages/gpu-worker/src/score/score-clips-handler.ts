import { dropAll, dropPixels, dropVariants, lackingScores } from '@styleflow/clips';
import { type ClipRef, type ClipVariant, type JobError, type ScorePayload, toJobError } from '@styleflow/contracts';
import type { Batcher } from '@styleflow/inference';
import type { Attempt, JobRecords, ShadowRuns, StageHandler } from '@styleflow/queue';
import { type Logger, metrics } from '@styleflow/runtime';
import type { ObjectStore } from '@styleflow/storage';
import type { ClipScorer, LoadedClip } from './clip-scorer.js';

export interface ScoreClipsPorts {
  readonly records: JobRecords;
  readonly shadows: Pick<ShadowRuns, 'isHeld'>;
  readonly store: Pick<ObjectStore, 'delete' | 'head'>;
  readonly scorer: Pick<ClipScorer, 'load' | 'discard'>;
  /** A batcher whose `run` is the scorer's `score`. */
  readonly batcher: Pick<Batcher<LoadedClip, { readonly batchSize: number }>, 'submit'>;
  readonly logger: Logger;
}

/**
 * The score stage, for one clip. The batcher brings clips of concurrent attempts together. The stage may run twice for
 * a clip, on two machines and at any point of the other run: the score's key is derived, and an attempt that finds the
 * score stored only counts the clip. Where the verdict's stability was asked for, the same entry also scores the clip's re-encodings,
 * one after the other: a slot holds the pixels of one of them at a time.
 */
export function scoreClipsHandler(ports: ScoreClipsPorts): StageHandler<ScorePayload> {
  return async (attempt) => {
    const { payload } = attempt;
    const { job, run, track, bundle } = payload;
    const clip: ClipRef = { job, run, track, clip: payload.clip, ...(bundle !== undefined && { bundle }) };
    // The job was canceled, deleted, ended or retried, so nobody needs this clip any more.
    if (!(await ports.records.isWanted(clip))) return;
    try {
      for (const variant of [undefined, ...(payload.variants ?? [])]) {
        await scoreOnce(ports, variant === undefined ? clip : { ...clip, variant }, attempt);
      }
    } catch (thrown) {
      const error = toJobError(thrown);
      const final = attempt.signal.aborted ? null : attempt.finalError(error);
      if (final !== null) await giveUp(ports, clip, final);
      throw error;
    }
    await settle(ports, clip, payload);
  };
}

/** Makes sure that a score is stored, by this attempt or another one. */
async function scoreOnce({ scorer, batcher, logger }: ScoreClipsPorts, clip: ClipRef, attempt: Attempt<ScorePayload>) {
  const loaded = await scorer.load(clip);
  if (loaded === null) return;
  try {
    logger.info({ ...clip, attempt: attempt.number }, 'scoring clip');
    await batcher.submit(loaded, { isAlone: attempt.wasStalled, signal: attempt.signal });
    metrics.clipScored();
    logger.info({ ...clip }, 'clip scored');
  } finally {
    await scorer.discard(loaded);
  }
}

/**
 * Counts before the pixels are deleted: a clip that is deleted but not counted could never be counted afterwards. Of several bundles
 * the last one does both. Each looks after it has stored its own score, so of two that end at once at least one is the last.
 */
async function settle(ports: ScoreClipsPorts, clip: ClipRef, payload: ScorePayload): Promise<void> {
  const { records, store } = ports;
  const { keepCrops, bundles, variants = [], shadowed = false } = payload;
  const isLast = bundles === undefined || (await isScoredByAll(ports, clip, { bundles, variants }));
  if (isLast) await records.countClip(clip, clip.track, clip.clip);
  if (await records.isBuried(clip.job)) return dropAll(store, clip, variants);
  if (!isLast) return;
  // Shadows score clips as they were cut alone.
  if (keepCrops || (shadowed && (await isHeldForShadows(ports, clip)))) await dropVariants(store, clip, variants);
  else await dropPixels(store, clip, variants);
}

/** Whether shadows have not missed the run yet. They are nothing that a clip would be tried again for: `finish` looks once more. */
function isHeldForShadows({ shadows, logger }: ScoreClipsPorts, clip: ClipRef): Promise<boolean> {
  return shadows.isHeld(clip).catch((error: unknown) => {
    logger.warn({ ...clip, err: error }, 'the pixels of a clip stay until its job has ended');
    return true;
  });
}

/** Bundles that the job goes on without are not waited for. */
async function isScoredByAll(
  { records, store }: ScoreClipsPorts,
  clip: ClipRef,
  { bundles, variants }: { readonly bundles: readonly string[]; readonly variants: readonly ClipVariant[] },
): Promise<boolean> {
  const lacking = await lackingScores(store, clip, bundles, variants);
  if (lacking.length === 0) return true;
  const leftOut = (await records.read(clip.job))?.leftOut ?? [];
  return lacking.every((bundle) => leftOut.includes(bundle));
}

/**
 * Counts a clip that will not be tried again as done, so that progress reaches its end. `finish` learns of the failure
 * from the queue.
 */
async function giveUp({ records, logger }: ScoreClipsPorts, clip: ClipRef, error: JobError): Promise<void> {
  logger.warn({ ...clip, code: error.code, err: error }, 'clip given up');
  await records.countClip(clip, clip.track, clip.clip);
}
