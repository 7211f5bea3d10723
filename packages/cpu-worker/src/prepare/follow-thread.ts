import { type JobRun, type PreparePayload, variantsOf } from '@styleflow/contracts';
import { type Logger, metrics } from '@styleflow/runtime';
import { awaitScoring } from './await-scoring.js';
import type { ClipKeeper } from './hold-for-shadows.js';
import { type PlanPorts, planClip } from './plan-clips.js';
import type { PrepareEvent } from './prepare-messages.js';
import type { PrepareThread } from './prepare-threads.js';
import type { StepSpans } from './step-spans.js';

type FollowPorts = PlanPorts & Parameters<typeof awaitScoring>[0] & { readonly keeper: ClipKeeper };

/**
 * Takes what the thread tells until the video is prepared: each clip gets its entry in the queue, and the next one is asked for
 * once few enough wait for a score. Throws the signal's reason when it fires, once the thread stands still.
 */
export async function followThread(
  ports: FollowPorts,
  payload: PreparePayload,
  thread: PrepareThread,
  steps: StepSpans,
  signal: AbortSignal,
  logger: Logger,
): Promise<void> {
  const run: JobRun = { job: payload.job, run: payload.run };
  for (let planned = 0; ; ) {
    const event = await nextEvent(thread, signal);
    switch (event.type) {
      case 'step':
        logger.info({ step: event.step }, 'prepare step');
        steps.begin(event.step);
        break;
      case 'clip':
        planned += 1;
        await planClip(ports, payload, { ...event, isShadowed: await ports.keeper(planned) });
        await ports.records.reportProgress(run, { clipsPlanned: planned });
        logger.info({ track: event.track, clip: event.clip, isScored: event.isScored }, 'clip added');
        await awaitScoring(ports, run, planned, signal, 1 + variantsOf(payload.options).length);
        break;
      case 'prepared':
        tellMetrics(event);
        steps.tell(event);
        await ports.records.reportProgress(run, await thread.look());
        await ports.records.noteKept(run, event.bytesKept);
        if (event.clips > 0) await ports.records.beginScoring(run);
        logger.info({ tracks: event.tracks, clips: event.clips, frames: event.frames, steps: event.steps }, 'prepared');
        return;
    }
  }
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

function tellMetrics(event: Extract<PrepareEvent, { type: 'prepared' }>): void {
  for (const [step, seconds] of Object.entries(event.steps)) metrics.stageTook('prepare', step, seconds);
  metrics.framesDecoded(event.frames);
  metrics.bytesStored(event.bytesStored);
  metrics.faceTracked(event.tracks);
}
