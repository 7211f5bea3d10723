import { JobError } from '@styleflow/contracts';
import { startThread, type ThreadCalls } from '@styleflow/threads';
import type { NodePlacement } from '../session/node-placement.js';
import type { Feeds, InferenceSession, SessionOptions, Tensor } from '../session/session.js';
import { reviveInferenceError } from './inference-fault.js';
import { type InferenceAnswer, type InferenceOpened, type InferenceStart, memoryOf } from './inference-messages.js';

export interface LentRun {
  readonly outputs: Readonly<Record<string, Tensor>>;
  /** Seconds of the run itself, without the way to the thread and back. */
  readonly seconds: number;
}

/** A session in a thread of its own: the caller's event loop stays free while it runs. */
export interface ThreadedSession extends InferenceSession {
  /**
   * Like `run`, but only lends the memory of the feeds: `onReturn` gets the same tensors over the same memory, even
   * after a failed run. Until then the caller's typed arrays are detached (length 0).
   */
  runLent(feeds: Feeds, onReturn: (feeds: Feeds) => void): Promise<LentRun>;
  readonly died: ThreadCalls<InferenceOpened, Feeds, InferenceAnswer>['died'];
  /** Rejects waiting runs. Resolves when the run in progress, which cannot be stopped, has ended. */
  release(): Promise<void>;
}

/**
 * Opens the session in a new worker thread. `run` moves its feeds to the thread without copying: their typed arrays are
 * detached afterwards, unless they are views into larger memory.
 * @throws JobError as `openSession` does; `internal` when the thread cannot start.
 */
export async function openThreadedSession(
  model: string | Uint8Array,
  options: SessionOptions,
): Promise<ThreadedSession> {
  const start: InferenceStart = { model, options };
  const file = new URL('./inference-thread.js', import.meta.url);
  const thread = await startThread<InferenceOpened, Feeds, InferenceAnswer>(file, start);

  let placement: NodePlacement | null = null;
  const runLent = async (feeds: Feeds, onReturn: (feeds: Feeds) => void): Promise<LentRun> => {
    refuseIncomplete(feeds);
    const { feeds: returned, outcome } = await thread.call(feeds, memoryOf(feeds));
    onReturn(returned);
    if ('fault' in outcome) throw reviveInferenceError(outcome.fault);
    placement = outcome.placement;
    return outcome;
  };
  return {
    ...thread.opened,
    get placement() {
      return placement;
    },
    died: thread.died,
    runLent,
    run: async (feeds) => (await runLent(feeds, () => {})).outputs,
    release: () => thread.close(),
  };
}

/** Refuses feeds whose memory is lent already: it cannot be lent again, and the thread would never get the call. */
function refuseIncomplete(feeds: Feeds): void {
  for (const [name, { data, dims }] of Object.entries(feeds)) {
    const wanted = dims.reduce((product, length) => product * length, 1);
    if (data.length === wanted) continue;
    const message = `input ${name} [${dims.join(', ')}] holds ${data.length} values: its memory may be lent to another run`;
    throw new JobError('internal', message, { retryable: false });
  }
}
