import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { JobError } from '@styleflow/contracts';
import type { Feeds, InferenceSession, SessionOptions, Tensor } from './session.js';
import {
  type ThreadFault,
  type ThreadReply,
  type ThreadRequest,
  type ThreadStart,
  transferable,
} from './thread-messages.js';

export interface LentRun {
  readonly outputs: Readonly<Record<string, Tensor>>;
  /** Time of the run itself, without the way to the thread and back. */
  readonly seconds: number;
}

/** A session in a thread of its own: the caller's event loop stays free while it runs. */
export interface ThreadedSession extends InferenceSession {
  /**
   * Like `run`, but with the feeds' memory lent, not given: `onReturn` gets the same tensors over the same memory, also
   * when the run failed. In between the caller's typed arrays are detached (length 0).
   */
  runLent(feeds: Feeds, onReturn: (feeds: Feeds) => void): Promise<LentRun>;
  /** Settles when the thread has died by itself: it answers nothing any more and the process should be replaced. */
  readonly died: Promise<JobError>;
  /** Rejects what waits and resolves once the run in progress, which cannot be stopped, has ended. */
  release(): Promise<void>;
}

interface Waiter {
  readonly resolve: (run: LentRun) => void;
  readonly reject: (error: JobError) => void;
  readonly onReturn: (feeds: Feeds) => void;
}

/**
 * Opens the session in a new worker thread. The feeds of `run` are moved to the thread, not copied: their typed arrays
 * are detached afterwards, unless they are views into larger memory.
 * @throws JobError as `openSession` does; `internal` when the thread cannot start.
 */
export async function openThreadedSession(
  model: string | Uint8Array,
  options: SessionOptions,
): Promise<ThreadedSession> {
  const start: ThreadStart = { model, options };
  const worker = new Worker(new URL('./inference-thread.js', import.meta.url), { workerData: start });
  const waiters = new Map<number, Waiter>();
  let lastId = 0;
  let ended: JobError | undefined;
  let released = false;
  const dead = (text: string, cause?: unknown): JobError => new JobError('internal', text, { cause });

  const end = (error: JobError): JobError => {
    ended ??= error;
    for (const waiter of waiters.values()) waiter.reject(ended);
    waiters.clear();
    return ended;
  };
  const died = new Promise<JobError>((resolve) => {
    const tell = (error: JobError): void => {
      const first = end(error);
      if (!released) resolve(first);
    };
    worker.once('error', (error) => tell(dead(`the inference thread crashed: ${error.message}`, error)));
    worker.once('exit', (code) => tell(dead(`the inference thread ended (${code})`)));
  });

  const [opened] = (await Promise.race([once(worker, 'message'), died.then((error) => Promise.reject(error))])) as [
    ThreadReply,
  ];
  if (opened.type !== 'opened') {
    throw opened.type === 'refused' ? errorOf(opened.fault) : dead('the inference thread answered before it was open');
  }

  worker.on('message', (reply: ThreadReply) => {
    if (reply.type !== 'ran') return;
    const waiter = waiters.get(reply.id);
    if (!waiter) return;
    waiters.delete(reply.id);
    waiter.onReturn(reply.feeds);
    if ('fault' in reply.outcome) waiter.reject(errorOf(reply.outcome.fault));
    else waiter.resolve(reply.outcome);
  });

  const runLent = (feeds: Feeds, onReturn: (feeds: Feeds) => void): Promise<LentRun> =>
    new Promise((resolve, reject) => {
      if (ended) return reject(ended);
      lastId += 1;
      waiters.set(lastId, { resolve, reject, onReturn });
      const request: ThreadRequest = { type: 'run', id: lastId, feeds };
      worker.postMessage(request, transferable(feeds));
    });

  const left = new Promise<void>((resolve) => worker.once('exit', () => resolve()));

  return {
    inputNames: opened.inputNames,
    outputNames: opened.outputNames,
    provider: opened.provider,
    died,
    runLent,
    run: async (feeds) => (await runLent(feeds, () => {})).outputs,
    async release() {
      released = true;
      end(dead('the session was released'));
      // Never `terminate`: it aborts the whole process when it meets the native library in the middle of a run.
      const request: ThreadRequest = { type: 'close' };
      worker.postMessage(request);
      await left;
    },
  };
}

function errorOf({ code, message, retryable }: ThreadFault): JobError {
  return new JobError(code, message, { retryable });
}
