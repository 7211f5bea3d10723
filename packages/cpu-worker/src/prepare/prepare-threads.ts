import { type ClipRef, JobError } from '@styleflow/contracts';
import type { Logger } from '@styleflow/runtime';
import { startThread } from '@styleflow/threads';
import type {
  PrepareAnswer,
  PrepareEvent,
  PrepareProgress,
  PrepareRequest,
  PrepareTask,
  ThreadStart,
} from './prepare-messages.js';

/** The main thread's end of one prepare thread, lent to one attempt at a time. */
export interface PrepareThread {
  start(task: PrepareTask): Promise<void>;
  /** The thread works towards its next event, and a few clips beyond. */
  next(): Promise<PrepareEvent>;
  look(): Promise<PrepareProgress>;
  /** See `redrawStrip`. */
  redraw(from: ClipRef, to: ClipRef): Promise<void>;
  /** Resolves when nothing of the task runs any more, ffmpeg included. Harmless without a task. */
  stop(): Promise<void>;
}

export interface PrepareThreads {
  /**
   * Lends a thread for the time of `task`. A thread that crashed is replaced by the next loan.
   * @throws what `task` throws; JobError `internal`, to be tried again, when the thread crashed under it.
   */
  lend<T>(task: (thread: PrepareThread) => Promise<T>): Promise<T>;
  /** Call it when no task runs any more. */
  close(): Promise<void>;
}

interface Slot {
  readonly thread: PrepareThread;
  readonly isDead: () => boolean;
  close(): Promise<void>;
}

const THREAD_FILE = new URL('./prepare-thread.js', import.meta.url);

/** Starts one thread; it loads the face networks, so that a wrong one shows at the process's start. */
export async function openPrepareThreads(
  start: ThreadStart,
  logger: Logger,
  file: URL = THREAD_FILE,
): Promise<PrepareThreads> {
  const idle: Slot[] = [await openSlot(file, start, logger)];
  const all = new Set<Slot>(idle);
  return {
    async lend(task) {
      const slot = idle.pop() ?? (await openSlot(file, start, logger));
      all.add(slot);
      try {
        return await task(slot.thread);
      } finally {
        // What `task` left undone must not run on beside the next one.
        if (!slot.isDead())
          await slot.thread.stop().catch((error: unknown) => logger.warn({ err: error }, 'stopping a task'));
        if (slot.isDead()) all.delete(slot);
        else idle.push(slot);
      }
    },
    async close() {
      await Promise.all([...all].filter((slot) => !slot.isDead()).map((slot) => slot.close()));
    },
  };
}

async function openSlot(file: URL, start: ThreadStart, logger: Logger): Promise<Slot> {
  const calls = await startThread<null, PrepareRequest, PrepareAnswer>(file, start);
  let isDead = false;
  calls.died.then((error) => {
    isDead = true;
    logger.error({ err: error }, 'a prepare thread crashed');
  });
  return { thread: threadOf((request) => calls.call(request)), isDead: () => isDead, close: () => calls.close() };
}

function threadOf(call: (request: PrepareRequest) => Promise<PrepareAnswer>): PrepareThread {
  return {
    async start(task) {
      await call({ type: 'start', task });
    },
    async next() {
      const answer = await call({ type: 'next' });
      if (answer.type === 'event') return answer.event;
      throw new JobError('internal', `the prepare thread answered ${answer.type}`);
    },
    async look() {
      const answer = await call({ type: 'look' });
      if (answer.type === 'progress') return answer.progress;
      throw new JobError('internal', `the prepare thread answered ${answer.type}`);
    },
    async redraw(from, to) {
      await call({ type: 'redraw', from, to });
    },
    async stop() {
      await call({ type: 'stop' });
    },
  };
}
