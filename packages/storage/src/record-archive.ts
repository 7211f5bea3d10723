import { acceptedKey, jobPrefix, parseJobKey, recordKey, sourceKey, tombstoneKey } from './keys/object-keys.js';
import type { ObjectStore } from './port/object-store.js';
import { readTombstone } from './tombstones.js';

interface JobRunName {
  readonly job: string;
  readonly run: number;
}

/**
 * Keeps records of jobs as objects, for the queue's archive: as they were accepted, and as they were when a run had ended. They are
 * deleted together with the job's other objects.
 */
export function recordArchive(store: Pick<ObjectStore, 'get' | 'put' | 'list'>) {
  const readText = async (key: string): Promise<string | null> => (await store.get(key))?.toString('utf8') ?? null;
  const write = (key: string, text: string): Promise<void> => store.put(key, text, 'application/json');
  return {
    /** Null when there is none. */
    read: ({ job, run }: JobRunName): Promise<string | null> => readText(recordKey(job, run)),
    write: ({ job, run }: JobRunName, text: string): Promise<void> => write(recordKey(job, run), text),
    accept: (job: string, text: string): Promise<void> => write(acceptedKey(job), text),

    /** Null when nothing is there of the job. */
    async find(job: string) {
      let endedRun = 0;
      let lastRun = 0;
      let isThere = false;
      let sourceBytes = 0;
      for await (const { key, bytes } of store.list(jobPrefix(job))) {
        const { run = null, name = '' } = parseJobKey(key) ?? {};
        isThere = true;
        if (key === sourceKey(job)) sourceBytes = bytes;
        lastRun = Math.max(lastRun, run ?? 0);
        if (run !== null && name === 'record.json') endedRun = Math.max(endedRun, run);
      }
      if (!isThere) return null;
      const ended = endedRun === 0 ? null : await readText(recordKey(job, endedRun));
      return {
        accepted: await readText(acceptedKey(job)),
        ended: ended === null ? null : { run: endedRun, text: ended },
        lastRun,
        sourceBytes,
      };
    },

    /** Null when none stands. */
    async tombstone(job: string): Promise<{ owner: string | null } | null> {
      const text = await readText(tombstoneKey(job));
      return text === null ? null : { owner: readTombstone(text).owner };
    },
  };
}
