import { bringBackBatch } from '@styleflow/batches';
import { type BatchId, isBatchId } from '@styleflow/contracts';
import { BATCHES_PREFIX, batchPartKey, batchPrefix, isDamagedObject, parseBatchKey } from '@styleflow/storage';
import { STALE_MS, UNSETTLED_MS } from './compare-jobs.js';
import type { DoctorPorts } from './doctor-ports.js';
import type { Finding } from './finding.js';
import { readStoreTime } from './store-time.js';

/** What the store has of one batch. */
interface StoredBatch {
  readonly batch: BatchId;
  readonly objects: number;
  readonly newest: Date;
  readonly isKept: boolean;
}

/** Tells what Redis has of batches and the store lacks, and the other way round. */
export async function* compareBatches(ports: DoctorPorts): AsyncGenerator<Finding, void> {
  for (const batch of await ports.lostBatches.unkept()) {
    // Kept within a moment by the work for batches, where there is a worker.
    if ((await ports.lostBatches.kept(batch).catch(() => null)) !== null) continue;
    const mend = async (): Promise<string> => {
      await ports.lostBatches.keep(batch);
      return 'kept its record in the store';
    };
    yield { kind: 'record_not_kept', batch, says: 'the store could not bring it back', mend };
  }
  for await (const stored of storedBatches(ports)) {
    const known = await ports.batches.read(stored.batch);
    if (known === null) yield* withoutRecord(ports, stored);
    else if (known.status === 'running' && (await lacksItems(ports, stored.batch))) {
      const says = 'running, and its items are not in the store: cancel or delete it';
      yield { kind: 'record_without_objects', batch: stored.batch, says };
    }
  }
}

async function* withoutRecord(
  ports: DoctorPorts,
  { batch, objects, newest, isKept }: StoredBatch,
): AsyncGenerator<Finding, void> {
  const { clock, lostBatches, store } = ports;
  const isReadable =
    isKept &&
    (await lostBatches.kept(batch).then(
      () => true,
      (error: unknown) => (isDamagedObject(error) ? false : Promise.reject(error)),
    ));
  if (isReadable) {
    const mend = async (): Promise<string> => {
      const status = await bringBackBatch(ports, batch);
      return status === null ? 'it is there meanwhile' : `brought it back: it is ${status}`;
    };
    yield { kind: 'lost_batch', batch, says: 'Redis does not know it; the store can tell', mend };
    return;
  }
  const ageMs = (await clock.now()) - newest.getTime();
  if (ageMs < UNSETTLED_MS) return;
  const says = `${objects} objects and no record from which the batch could go on`;
  const remove = async (): Promise<string> => {
    if ((await readStoreTime(store)) - newest.getTime() < STALE_MS)
      throw new Error('by the clock of the store they are fresh');
    return `deleted ${await store.deletePrefix(batchPrefix(batch))} objects`;
  };
  yield { kind: 'objects_without_record', batch, says, ...(ageMs > STALE_MS && { mend: remove }) };
}

async function lacksItems({ store }: DoctorPorts, batch: BatchId): Promise<boolean> {
  return (await store.head(batchPartKey(batch, 'items', 0))) === null;
}

async function* storedBatches({ store }: DoctorPorts): AsyncGenerator<StoredBatch, void> {
  let current: StoredBatch | null = null;
  for await (const { key, modifiedAt } of store.list(BATCHES_PREFIX)) {
    const { batch, name } = parseBatchKey(key) ?? {};
    if (batch === undefined || !isBatchId(batch)) continue;
    if (current !== null && current.batch !== batch) yield current;
    const before: StoredBatch =
      current?.batch === batch ? current : { batch, objects: 0, newest: new Date(0), isKept: false };
    current = {
      batch,
      objects: before.objects + 1,
      newest: new Date(Math.max(modifiedAt.getTime(), before.newest.getTime())),
      isKept: before.isKept || name === 'batch.json',
    };
  }
  if (current !== null) yield current;
}
