import {
  acceptedKey,
  BATCHES_PREFIX,
  batchRecordKey,
  custodyKey,
  jobPrefix,
  parseBatchKey,
  parseJobKey,
  recordKey,
  sourceKey,
  tombstoneKey,
} from './keys/object-keys.js';
import type { ObjectStore } from './port/object-store.js';
import { isDamagedObject, openSealedJson, readWhole, sealJson } from './sealed-json.js';
import { readTombstone } from './tombstones.js';

interface JobRunName {
  readonly job: string;
  readonly run: number;
}

/**
 * Keeps records of jobs as objects, with their length and digest, for the queue's archive: as they were accepted, and as they were
 * when a run had ended. They are deleted together with the job's other objects. A damaged one is an error that `isDamagedObject`
 * knows.
 */
export function recordArchive(store: Pick<ObjectStore, 'get' | 'put' | 'list'>) {
  const readText = (key: string): Promise<string | null> =>
    readWhole(store, key, (bytes) => JSON.stringify(openSealedJson(bytes.toString('utf8'))));
  const readUndamaged = (key: string): Promise<string | null> =>
    readText(key).catch((error: unknown) => {
      if (isDamagedObject(error)) return null;
      throw error;
    });
  const write = async (key: string, text: string): Promise<void> =>
    store.put(key, sealJson(JSON.parse(text) as object), 'application/json');
  return {
    /** Null when there is none. */
    read: ({ job, run }: JobRunName): Promise<string | null> => readText(recordKey(job, run)),
    /** `text` is a JSON object. */
    write: ({ job, run }: JobRunName, text: string): Promise<void> => write(recordKey(job, run), text),
    accept: (job: string, text: string): Promise<void> => write(acceptedKey(job), text),

    /** Null when there is none. Its lines prove themselves by their chain. */
    readCustody: async (job: string): Promise<string | null> =>
      (await store.get(custodyKey(job)))?.toString('utf8') ?? null,
    writeCustody: (job: string, text: string): Promise<void> =>
      store.put(custodyKey(job), text, 'application/x-ndjson'),

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
      return {
        accepted: await readUndamaged(acceptedKey(job)),
        ended: endedRun === 0 ? null : { run: endedRun, text: await readUndamaged(recordKey(job, endedRun)) },
        lastRun,
        sourceBytes,
      };
    },

    keepBatch: (batch: string, text: string): Promise<void> => write(batchRecordKey(batch), text),
    /** Null when there is none. */
    readBatch: (batch: string): Promise<string | null> => readText(batchRecordKey(batch)),
    async *batches(): AsyncGenerator<string, void> {
      for await (const { key } of store.list(BATCHES_PREFIX)) {
        const { batch, name } = parseBatchKey(key) ?? {};
        if (batch !== undefined && name === 'batch.json') yield batch;
      }
    },

    /** Null when none stands. */
    async tombstone(job: string): Promise<{ owner: string | null } | null> {
      const bytes = await store.get(tombstoneKey(job));
      return bytes === null ? null : { owner: readTombstone(bytes.toString('utf8')).owner };
    },
  };
}
