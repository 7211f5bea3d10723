import { Worker } from 'node:worker_threads';
import { type ErrorCode, JobError } from '@styleflow/contracts';
import { OutOfMemory } from './out-of-memory.js';

/** An error as it crosses a thread's border: classes do not survive it. */
export interface ThreadFault {
  readonly code: ErrorCode;
  readonly message: string;
  readonly retryable: boolean;
  /** The device had no room for the run. */
  readonly isOutOfMemory: boolean;
}

/** To the thread. `close`: start nothing more, end what runs, leave. */
export type ToThread<Request> =
  | { readonly type: 'call'; readonly id: number; readonly request: Request }
  | { readonly type: 'close' };

/** From the thread: first `opened` or `refused`, then one `answer` or `fault` a call. */
export type FromThread<Opened, Answer> =
  | { readonly type: 'opened'; readonly opened: Opened }
  | { readonly type: 'refused'; readonly fault: ThreadFault }
  | { readonly type: 'answer'; readonly id: number; readonly answer: Answer }
  | { readonly type: 'fault'; readonly id: number; readonly fault: ThreadFault };

interface Waiter<Answer> {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: JobError) => void;
}

/** The caller's end of a worker thread that answers calls; `serveThread` is the other end. */
export interface ThreadCalls<Opened, Request, Answer> {
  readonly opened: Opened;
  /** @throws JobError as the thread's handler threw it; `internal` when the thread is gone. */
  call(request: Request, transfer?: readonly ArrayBuffer[]): Promise<Answer>;
  /** Settles when the thread died by itself: it answers nothing any more, and the process should be replaced. */
  readonly died: Promise<JobError>;
  /**
   * Rejects what waits; resolves once the thread has ended what it was doing and left. The thread is never terminated:
   * that aborts the whole process when it meets the native inference library in the middle of a run.
   */
  close(): Promise<void>;
}

/**
 * Starts a thread on `file` and waits until it is open.
 * @throws JobError as the thread's `open` threw it; `internal` when the thread crashes before.
 */
export async function startThread<Opened, Request, Answer>(
  file: URL,
  start: object,
): Promise<ThreadCalls<Opened, Request, Answer>> {
  const worker = new Worker(file, { workerData: start });
  const waiters = new Map<number, Waiter<Answer>>();
  let lastId = 0;
  let ended: JobError | undefined;
  let isClosing = false;
  const left = new Promise<void>((resolve) => worker.once('exit', () => resolve()));

  const end = (error: JobError): JobError => {
    ended ??= error;
    for (const { reject } of waiters.values()) reject(ended);
    waiters.clear();
    return ended;
  };
  const died = new Promise<JobError>((resolve) => {
    const tell = (text: string, cause?: unknown): void => {
      const first = end(new JobError('internal', text, { cause }));
      if (!isClosing) resolve(first);
    };
    worker.once('error', (error) => tell(`a worker thread crashed: ${error.message}`, error));
    worker.once('exit', (code) => tell(`a worker thread ended with code ${code}`));
  });

  const opened = await new Promise<Opened>((resolve, reject) => {
    worker.on('message', (message: FromThread<Opened, Answer>) => {
      if (message.type === 'opened') return resolve(message.opened);
      if (message.type === 'refused') return reject(errorOf(message.fault));
      const waiter = waiters.get(message.id);
      waiters.delete(message.id);
      if (message.type === 'answer') waiter?.resolve(message.answer);
      else waiter?.reject(errorOf(message.fault));
    });
    died.then(reject);
  });

  const post = (message: ToThread<Request>, transfer: readonly ArrayBuffer[]): void =>
    worker.postMessage(message, [...transfer]);
  return {
    opened,
    died,
    call: (request, transfer = []) =>
      new Promise((resolve, reject) => {
        if (ended) return reject(ended);
        lastId += 1;
        waiters.set(lastId, { resolve, reject });
        post({ type: 'call', id: lastId, request }, transfer);
      }),
    async close() {
      isClosing = true;
      end(new JobError('internal', 'the worker thread was closed'));
      post({ type: 'close' }, []);
      await left;
    },
  };
}

/** The fault as the error that it was. */
export function errorOf({ code, message, retryable, isOutOfMemory }: ThreadFault): JobError {
  return new JobError(code, message, { retryable, ...(isOutOfMemory && { cause: new OutOfMemory(message) }) });
}
