import { type ClipRef, JobError } from '@styleflow/contracts';
import { type InferenceFacts, type Outcome, reviveInferenceError } from '@styleflow/inference';
import { currentSpan, metrics, type Span, withSpan } from '@styleflow/runtime';
import { errorOf, startThread } from '@styleflow/threads';
import type { ScoreAnswer, ScoreRequest, ScoreThreadOpened, ScoreThreadStart } from '../score-thread/score-messages.js';
import { askWhileAlive } from './ask-while-alive.js';
import { inBatchSpan } from './batch-span.js';

/** One clip whose pixels the score thread holds. */
export interface LoadedClip {
  readonly handle: number;
  /** When the clip reached this worker, by `performance.now`. */
  readonly since: number;
  /** The span of the attempt that scores the clip. */
  readonly span: Span;
  /** Whether no client waits for it. */
  readonly isShadows: boolean;
}

/**
 * The main loop's end of the score thread. Names of clips go in; pixels never come out. Calls never settle once the
 * thread has died.
 */
export interface ClipScorer {
  readonly facts: ScoreThreadOpened;
  /** Fetches and decodes the clip, for a shadow if it says so. Null when its score is stored already. */
  load(clip: ClipRef, options?: { readonly isShadows?: boolean }): Promise<LoadedClip | null>;
  /**
   * Scores clips together and stores the scores. `batchSize` is the size of the tensor in which a clip was scored. What a shadow has
   * scored is in no metric: operators read them as what clients wait for.
   */
  score(clips: readonly LoadedClip[]): Promise<Outcome<{ readonly batchSize: number }>[]>;
  /** Frees the pixels. */
  discard(clip: LoadedClip): Promise<void>;
  /** Settles when the thread died by itself, and the process must be replaced. */
  readonly died: Promise<JobError>;
  close(): Promise<void>;
}

/**
 * Starts the score thread: opens the store and the session and warms up.
 * @throws JobError when the provider is missing, or the graph cannot be loaded or run.
 */
export async function openClipScorer(start: ScoreThreadStart): Promise<ClipScorer> {
  const file = new URL('../score-thread/score-thread.js', import.meta.url);
  const thread = await startThread<ScoreThreadOpened, ScoreRequest, ScoreAnswer, InferenceFacts>(
    file,
    start,
    reviveInferenceError,
  );
  const ask = askWhileAlive(thread);
  return {
    facts: thread.opened,
    died: thread.died,
    close: () => thread.close(),
    async load(clip, { isShadows = false } = {}) {
      const since = performance.now();
      const answer = await withSpan('load', {}, () => ask({ type: 'load', clip }));
      if (answer.type !== 'loaded') throw unexpected(answer);
      return answer.handle === null ? null : { handle: answer.handle, since, span: currentSpan(), isShadows };
    },
    score: (clips) =>
      inBatchSpan(clips, thread.opened.provider, async (span) => {
        const served = clips.filter(({ isShadows }) => !isShadows);
        const now = performance.now();
        if (served.length > 0) metrics.batchStarted(served.length);
        for (const { since } of served) metrics.clipWaited((now - since) / 1000);
        const answer = await ask({ type: 'score', handles: clips.map(({ handle }) => handle) });
        if (answer.type !== 'scored') throw unexpected(answer);
        if (served.length > 0) metrics.inferenceTook(thread.opened.provider, answer.seconds);
        const { batchSize, seconds, faults } = answer;
        const failed = faults.filter((fault) => fault !== null).length;
        span.set({
          'styleflow.tensor.clips': batchSize,
          'styleflow.device_seconds': seconds,
          'styleflow.failed': failed,
        });
        return faults.map((fault) => (fault ? { error: errorOf(fault) } : { value: { batchSize } }));
      }),
    async discard({ handle }) {
      await ask({ type: 'discard', handle });
    },
  };
}

function unexpected(answer: ScoreAnswer): JobError {
  return new JobError('internal', `the score thread answered ${answer.type} to another question`);
}
