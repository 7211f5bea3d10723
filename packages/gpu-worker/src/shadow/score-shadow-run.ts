import { setTimeout as pause } from 'node:timers/promises';
import { dropAll, dropRunPixels, dropScore, listClips } from '@styleflow/clips';
import { type ClipRef, toJobError } from '@styleflow/contracts';
import type { Batcher } from '@styleflow/inference';
import type { JobRecords, ShadowRun, ShadowRuns } from '@styleflow/queue';
import type { Logger } from '@styleflow/runtime';
import type { ObjectStore } from '@styleflow/storage';
import type { ClipScorer, LoadedClip } from '../score/clip-scorer.js';
import type { IdleGate } from './idle-gate.js';

/** Between two looks whether clients have come to an end: a Redis call each. */
const LOOK_AGAIN_MS = 100;
/** How long a run stays with a worker that is busy with clients: meanwhile no other one of the bundle, which may be idle, can have it. */
const PATIENCE_MS = 5_000;

export interface ShadowPorts {
  readonly records: Pick<JobRecords, 'isBuried' | 'read' | 'standing'>;
  readonly shadows: Pick<ShadowRuns, 'renew' | 'noteScored'>;
  readonly store: Pick<ObjectStore, 'list' | 'delete' | 'deletePrefix'>;
  readonly scorer: Pick<ClipScorer, 'load' | 'discard'>;
  readonly batcher: Pick<Batcher<LoadedClip, unknown>, 'submit'>;
  readonly gate: Pick<IdleGate, 'isIdle' | 'atOnce'>;
  readonly logger: Logger;
}

/**
 * Scores the clips of a run that has ended, for a shadow: what is stored already is left alone, and a clip that cannot be scored is
 * passed over (whoever compares sees how many are missing). Stops when the run is not to be scored any more, and answers `busy` when
 * clients have come and stay: what was scored so far remains, and the run is to be handed back.
 * @throws JobError where the store or Redis is away, or the signal fired: the run is to be handed back
 */
export async function scoreShadowRun(
  ports: ShadowPorts,
  run: ShadowRun,
  signal: AbortSignal,
  patienceMs = PATIENCE_MS,
): Promise<'ended' | 'busy'> {
  const { records, shadows, store, gate, logger } = ports;
  const clips: ClipRef[] = (await listClips(store, run)).map((clip) => ({ ...run, ...clip }));
  for (let at = 0; at < clips.length; ) {
    const state = await untilIdle(ports, run, signal, patienceMs);
    if (state === 'busy') return 'busy';
    if (state === 'gone') {
      await forgetScores(ports, run, clips.slice(0, at));
      logger.info({ ...run }, 'a run is not to be scored for a shadow any more');
      return 'ended';
    }
    const together = clips.slice(at, at + gate.atOnce());
    at += together.length;
    await Promise.all(together.map((clip) => scoreClip(ports, clip, signal)));
  }
  if (await records.isBuried(run.job)) for (const clip of clips) await dropAll(store, clip);
  else await forgetScores(ports, run, clips);
  if (await shadows.noteScored(run)) await dropRunPixels(store, run);
  logger.info({ ...run, clips: clips.length }, 'scored for a shadow');
  return 'ended';
}

/**
 * Items of a deleted batch leave no tombstone: what was scored while their objects were deleted nobody else would delete. The record of an
 * item goes to the archive soon after its end, where this worker cannot read it; its standing is known to Redis all the same.
 */
async function forgetScores({ records, store }: ShadowPorts, { job }: ShadowRun, clips: ClipRef[]): Promise<void> {
  if (clips.length === 0) return;
  // One that cannot be told is one that is there.
  const known = await records
    .read(job)
    .then((record) => record ?? records.standing(job))
    .catch(() => undefined);
  if (known === null) for (const clip of clips) await dropScore(store, clip);
}

/** `gone` when the run is not to be scored any more: it is no more, or its deadline has passed. `busy` when clients do not leave. */
async function untilIdle(
  { gate, shadows }: ShadowPorts,
  run: ShadowRun,
  signal: AbortSignal,
  patienceMs: number,
): Promise<'idle' | 'gone' | 'busy'> {
  for (const until = performance.now() + patienceMs; ; ) {
    signal.throwIfAborted();
    if (!(await shadows.renew(run))) return 'gone';
    if (await gate.isIdle()) return 'idle';
    if (performance.now() >= until) return 'busy';
    await pause(LOOK_AGAIN_MS, undefined, { signal });
  }
}

async function scoreClip({ scorer, batcher, logger }: ShadowPorts, clip: ClipRef, signal: AbortSignal): Promise<void> {
  try {
    const loaded = await scorer.load(clip, { isShadows: true });
    if (loaded === null) return;
    try {
      await batcher.submit(loaded, { isAlone: false, signal });
    } finally {
      await scorer.discard(loaded);
    }
  } catch (thrown) {
    const error = toJobError(thrown);
    if (signal.aborted || error.fault === 'surroundings') throw error;
    logger.warn({ ...clip, code: error.code, err: error }, 'a clip cannot be scored for a shadow');
  }
}
