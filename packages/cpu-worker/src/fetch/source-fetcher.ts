import { randomUUID } from 'node:crypto';
import { JobError } from '@styleflow/contracts';
import type { Logger } from '@styleflow/runtime';
import type { FetchedSource, FetchTarget } from '@styleflow/sources';
import { startThread, type ThreadCalls } from '@styleflow/threads';
import type { FetchAnswer, FetchRequest, FetchStart } from './fetch-messages.js';
import { type OpenSourcePorts, openSource, type SourceOfJob } from './open-source.js';

/** The main thread's end of the fetch thread, which serves any number of sources at once. */
export interface SourceFetcher {
  /**
   * @param onTarget called before each connection; what it throws ends the fetch.
   * @throws JobError as `fetchSource` and `openSource`; `internal` when the thread crashed; the signal's reason.
   */
  fetch(
    task: { readonly job: SourceOfJob; readonly toFile: string },
    options: { readonly onTarget: (target: FetchTarget) => Promise<void>; readonly signal: AbortSignal },
  ): Promise<FetchedSource>;
  /** Call it when nothing is fetched any more. */
  close(): Promise<void>;
}

type Calls = ThreadCalls<null, FetchRequest, FetchAnswer>;

const THREAD_FILE = new URL('./fetch-thread.js', import.meta.url);

/** Starts the thread; one that crashed is replaced by the next fetch. */
export async function openSourceFetcher(
  start: FetchStart,
  { logger, ...ports }: OpenSourcePorts & { readonly logger: Logger },
): Promise<SourceFetcher> {
  let thread: Promise<Calls> | null = null;

  function alive(): Promise<Calls> {
    thread ??= startThread<null, FetchRequest, FetchAnswer>(THREAD_FILE, start).then((calls) => {
      calls.died.then((error) => {
        logger.error({ err: error }, 'the fetch thread crashed');
        thread = null;
      });
      return calls;
    });
    thread.catch(() => {
      thread = null;
    });
    return thread;
  }

  await alive();
  return {
    async fetch({ job, toFile }, { onTarget, signal }) {
      const opened = await openSource(ports, job);
      const calls = await alive();
      const id = randomUUID();
      const stop = (): Promise<unknown> => calls.call({ type: 'stop', id }).catch(() => undefined);
      signal.throwIfAborted();
      signal.addEventListener('abort', stop, { once: true });
      try {
        await calls.call({ type: 'start', id, task: { job: job.id, ...opened, toFile } });
        for (;;) {
          const event = await calls.call({ type: 'next', id });
          if (event.type === 'fetched') return event.source;
          if (event.type !== 'target') throw new JobError('internal', `the fetch thread answered ${event.type}`);
          await onTarget(event.target);
        }
      } catch (error) {
        throw signal.aborted ? signal.reason : error;
      } finally {
        signal.removeEventListener('abort', stop);
        await stop();
      }
    },
    async close() {
      await (await thread)?.close();
    },
  };
}
