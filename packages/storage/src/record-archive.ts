import { recordKey } from './keys/object-keys.js';
import type { ObjectStore } from './port/object-store.js';

/**
 * Keeps records of ended jobs as objects, for the queue's archive. They are deleted together with the job's other
 * objects.
 */
export function recordArchive(store: Pick<ObjectStore, 'get' | 'put'>) {
  return {
    /** Null when there is none. */
    async read({ job, run }: { readonly job: string; readonly run: number }): Promise<string | null> {
      return (await store.get(recordKey(job, run)))?.toString('utf8') ?? null;
    },
    write: ({ job, run }: { readonly job: string; readonly run: number }, text: string): Promise<void> =>
      store.put(recordKey(job, run), text, 'application/json'),
  };
}
