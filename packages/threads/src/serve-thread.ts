import { parentPort, workerData } from 'node:worker_threads';
import type { FromThread, ToThread } from './thread-calls.js';
import { type FaultFacts, faultOf } from './thread-fault.js';

/** What a thread does once it is open. */
export interface ThreadService<Opened, Request, Answer> {
  readonly opened: Opened;
  /** Answers one call; calls may overlap. `transfer` lists memory of the answer that is moved instead of copied. */
  answer(request: Request): Promise<{ readonly answer: Answer; readonly transfer?: readonly ArrayBuffer[] }>;
  /** Called after the last call has ended. */
  close(): Promise<void>;
}

/**
 * The thread's end of `ThreadCalls`. It opens the service with the start message, then answers calls until it is told
 * to close. Errors go back as JobErrors; other errors become `internal`.
 * @param describe gives facts of an error that the caller's end needs to restore it.
 */
export async function serveThread<Start, Opened, Request, Answer>(
  open: (start: Start) => Promise<ThreadService<Opened, Request, Answer>>,
  describe?: (error: unknown) => FaultFacts,
): Promise<void> {
  const port = parentPort;
  if (!port) throw new Error('this module runs only as a worker thread');
  const post = (message: FromThread<Opened, Answer>, transfer: readonly ArrayBuffer[] = []): void =>
    port.postMessage(message, [...transfer]);

  let service: ThreadService<Opened, Request, Answer>;
  try {
    service = await open(workerData as Start);
  } catch (error) {
    // Nothing keeps the thread alive, so it ends by itself.
    return post({ type: 'refused', fault: faultOf(error, describe) });
  }
  const running = new Set<Promise<void>>();
  const run = async (id: number, request: Request): Promise<void> => {
    try {
      const { answer, transfer } = await service.answer(request);
      post({ type: 'answer', id, answer }, transfer);
    } catch (error) {
      post({ type: 'fault', id, fault: faultOf(error, describe) });
    }
  };
  port.on('message', (message: ToThread<Request>) => {
    if (message.type === 'call') {
      const call = run(message.id, message.request);
      running.add(call);
      call.finally(() => running.delete(call));
      return;
    }
    Promise.all(running)
      .then(() => service.close())
      .finally(() => port.close());
  });
  post({ type: 'opened', opened: service.opened });
}
