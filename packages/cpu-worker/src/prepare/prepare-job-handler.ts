import { listScores } from '@styleflow/clips';
import type { JobRun, Prepared, PreparePayload, ScorePayload } from '@styleflow/contracts';
import type { Attempt, JobChanges, JobQueue, JobRecords, StageHandler } from '@styleflow/queue';
import { currentSpan, type Logger, metrics } from '@styleflow/runtime';
import type { ObjectStore } from '@styleflow/storage';
import { readPrepared } from '../prepared/read-prepared.js';
import { awaitScoring } from './await-scoring.js';
import type { PrepareEvent } from './prepare-messages.js';
import type { PrepareThread, PrepareThreads } from './prepare-threads.js';
import type { Scratch } from './scratch.js';
import { inStepSpans } from './step-spans.js';
import { RunUnwanted, watchRun } from './watch-run.js';

export interface PrepareJobPorts {
  readonly records: JobRecords;
  readonly queue: JobQueue;
  readonly changes: JobChanges;
  readonly store: ObjectStore;
  readonly threads: PrepareThreads;
  readonly scratch: Scratch;
  readonly logger: Logger;
}

/**
 * The first stage of a run, as the main thread sees it: a thread does the work, clip by clip; here each clip gets its entry
 * in the queue, progress is told, and the work is stopped when nobody wants it any more.
 *
 * It may run twice: ids and keys are derived, clips that have a score are left alone, and once the account of a run is
 * stored, a repeated start only makes sure that every clip has its entry. When it is started `again`, because objects of the
 * run are damaged, it also cuts the clips anew that have no score, of the same source, and gives them new entries.
 */
export function prepareJobHandler(ports: PrepareJobPorts): StageHandler<PreparePayload> {
  return async (attempt) => {
    const { job, run } = attempt.payload;
    const logger = ports.logger.child({ stage: 'prepare', job, run, attempt: attempt.number });
    const record = await ports.records.beginPrepare({ job, run });
    if (record === null) return logger.info('nothing to prepare: the run is not wanted');
    logger.info('prepare started');
    const stored = await readPrepared(ports.store, { job, run });
    if (stored === 'damaged') logger.warn('what was prepared before is damaged: it is prepared anew');
    const before = stored === 'damaged' || stored === null ? null : stored.value;
    if (before && !(attempt.payload.again !== undefined && (await lacksScores(ports.store, { job, run }, before)))) {
      await addStoredClips(ports, attempt.payload, before);
      logger.info('prepare had ended before; its clips have their entries');
    } else if (!(await prepareOnThread(ports, attempt, before?.video.sha256, logger))) {
      currentSpan().event('run not wanted');
      return logger.info('prepare stopped: the run is not wanted any more');
    }
    logger.info('prepare ended');
  };
}

/** False when the run was not wanted any more before its end. */
async function prepareOnThread(
  ports: PrepareJobPorts,
  attempt: Attempt<PreparePayload>,
  sha256: string | undefined,
  logger: Logger,
): Promise<boolean> {
  const { job, run, source, options } = attempt.payload;
  return ports.scratch.withFolder((folder) =>
    ports.threads.lend(async (thread) => {
      await thread.start({ job, run, source, options, folder, sha256 });
      const watch = watchRun({ job, run }, { thread, records: ports.records, logger }, attempt.signal);
      try {
        await followThread(ports, attempt.payload, thread, watch.signal, logger);
        return true;
      } catch (error) {
        if (watch.signal.aborted && watch.signal.reason instanceof RunUnwanted) return false;
        throw attempt.signal.aborted ? attempt.signal.reason : error;
      } finally {
        watch.stop();
      }
    }),
  );
}

async function followThread(
  ports: PrepareJobPorts,
  payload: PreparePayload,
  thread: PrepareThread,
  signal: AbortSignal,
  logger: Logger,
): Promise<void> {
  const run: JobRun = { job: payload.job, run: payload.run };
  return inStepSpans(async (steps) => {
    for (let planned = 0; ; ) {
      const event = await nextEvent(thread, signal);
      switch (event.type) {
        case 'step':
          logger.info({ step: event.step }, 'prepare step');
          steps.begin(event.step);
          break;
        case 'clip':
          planned += 1;
          await planClip(ports, payload, event);
          await ports.records.reportProgress(run, { clipsPlanned: planned });
          logger.info({ track: event.track, clip: event.clip, isScored: event.isScored }, 'clip added');
          await awaitScoring(ports, run, planned, signal);
          break;
        case 'prepared':
          tellMetrics(event);
          steps.tell(event);
          await ports.records.reportProgress(run, await thread.look());
          if (event.clips > 0) await ports.records.beginScoring(run);
          logger.info(
            { tracks: event.tracks, clips: event.clips, frames: event.frames, steps: event.steps },
            'prepared',
          );
          return;
      }
    }
  });
}

/** The thread's next event; on abort the thread is stopped, and the abort's reason thrown, once it stands still. */
async function nextEvent(thread: PrepareThread, signal: AbortSignal): Promise<PrepareEvent> {
  signal.throwIfAborted();
  const stop = (): void => {
    // A thread that died cannot be stopped; `next` says so.
    thread.stop().catch(() => undefined);
  };
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await thread.next();
  } finally {
    signal.removeEventListener('abort', stop);
    signal.throwIfAborted();
  }
}

async function planClip(
  { queue, records }: PrepareJobPorts,
  payload: PreparePayload,
  { track, clip, isScored }: { readonly track: number; readonly clip: number; readonly isScored: boolean },
): Promise<void> {
  const { job, run, options, bundle, again } = payload;
  if (isScored) {
    await records.countClip({ job, run }, track, clip);
    return;
  }
  const score: ScorePayload = { v: 1, job, run, track, clip, keepCrops: options.keepCrops };
  await queue.addScore(score, bundle.digest, options.priority, { again: again !== undefined });
}

/** After a run's account was stored its pixels may be gone already: only the queue's side is completed. */
async function addStoredClips(ports: PrepareJobPorts, payload: PreparePayload, prepared: Prepared): Promise<void> {
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

async function lacksScores(store: ObjectStore, run: JobRun, { tracks }: Prepared): Promise<boolean> {
  const scored = await listScores(store, run);
  return tracks.some(({ track, clips }) => clips.some(({ index }) => !scored.has(track, index)));
}

function tellMetrics(event: Extract<PrepareEvent, { type: 'prepared' }>): void {
  for (const [step, seconds] of Object.entries(event.steps)) metrics.stageTook('prepare', step, seconds);
  metrics.framesDecoded(event.frames);
  metrics.bytesStored(event.bytesStored);
  metrics.faceTracked(event.tracks);
}
