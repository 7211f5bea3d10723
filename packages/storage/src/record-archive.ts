import { recordKey } from './keys/object-keys.js';
import type { ObjectStore } from './port/object-store.js';
import { openSealedJson, readWhole, sealJson } from './sealed-json.js';

/**
 * Keeps records of ended jobs as objects, with their length and digest, for the queue's archive. They are deleted together
 * with the job's other objects. A damaged one is an error that `isDamagedObject` knows.
 */
export function recordArchive(store: Pick<ObjectStore, 'get' | 'put'>) {
  return {
    /** Null when there is none. */
    read({ job, run }: { readonly job: string; readonly run: number }): Promise<string | null> {
      return readWhole(store, recordKey(job, run), (bytes) => JSON.stringify(openSealedJson(bytes.toString('utf8'))));
    },
    /** `text` is a JSON object. */
    write: async ({ job, run }: { readonly job: string; readonly run: number }, text: string): Promise<void> =>
      store.put(recordKey(job, run), sealJson(JSON.parse(text) as object), 'application/json'),
  };
}
