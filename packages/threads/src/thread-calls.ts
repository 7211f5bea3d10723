import { SHARE_ENV, Worker } from 'node:worker_threads';
import { JobError } from '@styleflow/contracts/errors';
import { errorOf, type FaultFacts, type ThreadFault } from './thread-fault.js';

/** Messages to the thread. `close`: start no further call, finish the running ones, end. */
export type ToThread<Request> =
  | { readonly type: 'call'; readonly id: number; readonly request: Request }
  | { readonly type: 'close' };

/** Messages from the thread: first `opened` or `refused`, then one `answer` or `fault` for each call. */
export type FromThread<Opened, Answer, Facts extends FaultFacts = FaultFacts> =
  | { readonly type: 'opened'; readonly opened: Opened }
  | { readonly type: 'refused'; readonly fault: ThreadFault<Facts> }
  | { readonly type: 'answer'; readonly id: number; readonly answer: Answer }
  | { readonly type: 'fault'; readonly id: number; readonly fault: ThreadFault<Facts> };

interface Waiter<Answer> {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: JobError) => void;
}

/** The caller's end of a worker thread that answers calls; `serveThread` is the other end. */
export interface ThreadCalls<Opened, Request, Answer> {
  readonly opened: Opened;
  /** @throws JobError as the thread's handler threw it; `internal` when the thread is gone. */
  call(request: Request, transfer?: readonly ArrayBuffer[]): Promise<Answer>;
  /** Settles when the thread died by itself. It answers no more calls, and the process should be replaced. */
  readonly died: Promise<JobError>;
  /**
   * Rejects waiting calls. Resolves once the thread has finished its running calls and ended. The thread is never
   * terminated, because terminating it during a call into a native library aborts the whole process.
   */
  close(): Promise<void>;
}

/**
 * Starts a thread on `file` and waits until it is open.
 * @param revive makes a fault an error again, with the facts that the thread's end described.
 * @throws JobError as the thread's `open` threw it; `internal` when the thread crashes before.
 */
export async function startThread<Opened, Request, Answer, Facts extends FaultFacts = FaultFacts>(
  file: URL,
  start: object,
  revive: (fault: ThreadFault<Facts>) => JobError = errorOf,
): Promise<ThreadCalls<Opened, Request, Answer>> {
  // Its own copy of the environment would not reach native libraries, which read that of the process.
  // Named pipes are opened by number and closed as streams: a thread that ended would close numbers that are somebody else's by then.
  const worker = new Worker(file, { workerData: start, env: SHARE_ENV, trackUnmanagedFds: false });
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
    worker.on('message', (message: FromThread<Opened, Answer, Facts>) => {
      if (message.type === 'opened') return resolve(message.opened);
      if (message.type === 'refused') return reject(revive(message.fault));
      const waiter = waiters.get(message.id);
      waiters.delete(message.id);
      if (message.type === 'answer') waiter?.resolve(message.answer);
      else waiter?.reject(revive(message.fault));
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
