import { JobError } from '@styleflow/contracts';
import { openMarkedStore } from '@styleflow/storage';
import { serveThread } from '@styleflow/threads';
import type { FetchAnswer, FetchRequest, FetchStart } from './fetch-messages.js';
import { fetchSource } from './fetch-source.js';
import { type Fetching, startFetching } from './fetching.js';

/**
 * The one thread that fetches all sources of a process: their bytes and digests pass here, off the event loop that renews locks,
 * and a source that drips holds no decoder and no detector.
 */
void serveThread(async ({ store: storeSettings, storeId, limits }: FetchStart) => {
  const store = await openMarkedStore(storeSettings, { id: storeId });
  const running = new Map<string, Fetching>();

  async function stop(id: string): Promise<void> {
    await running.get(id)?.stop();
    running.delete(id);
  }

  return {
    opened: null,
    async answer(request: FetchRequest): Promise<{ answer: FetchAnswer }> {
      const { id } = request;
      switch (request.type) {
        case 'start':
          running.set(
            id,
            startFetching((onTarget, signal) =>
              fetchSource(request.task, { store, storeSettings, limits }, onTarget, signal),
            ),
          );
          return { answer: { type: 'ok' } };
        case 'next': {
          const fetching = running.get(id);
          if (!fetching) throw new JobError('internal', 'there is nothing to fetch');
          return { answer: await fetching.next() };
        }
        case 'stop':
          await stop(id);
          return { answer: { type: 'ok' } };
      }
    },
    async close(): Promise<void> {
      await Promise.all([...running.keys()].map(stop));
      await store.close();
    },
  };
});
