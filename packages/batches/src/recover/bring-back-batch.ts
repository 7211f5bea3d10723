import type { BatchId } from '@styleflow/contracts';
import {
  type BatchRecord,
  type BatchRecords,
  beginJob,
  type FoundItems,
  type JobQueue,
  type JobRecords,
  type LostBatches,
  type LostJobs,
  type SecretVault,
} from '@styleflow/queue';
import { manifestKey, type ObjectStore } from '@styleflow/storage';
import { countItems } from './count-items.js';
import { findItems } from './find-items.js';

export interface RecoveryPorts {
  readonly batches: Pick<BatchRecords, 'read'>;
  readonly lostBatches: LostBatches;
  readonly lostJobs: LostJobs;
  readonly records: Pick<JobRecords, 'read'>;
  readonly queue: JobQueue;
  readonly vault: Pick<SecretVault, 'keep'>;
  readonly store: ObjectStore;
}

const NOTHING: FoundItems = {
  next: 0,
  stored: [],
  ended: { succeeded: 0, failed: 0, canceled: 0 },
  errors: {},
  items: [],
};

/**
 * Makes a Redis that forgot know a batch again, and has it go on: rows of whole parts lie in the store, items of the others are found by
 * the records of their jobs, and what had begun and not ended goes on under its run. May be repeated, and done by several at once.
 * Answers its status, or null when Redis knew it or the archive has none.
 */
export async function bringBackBatch(
  ports: RecoveryPorts,
  id: BatchId,
  signal?: AbortSignal,
): Promise<BatchRecord['status'] | null> {
  const { batches, lostBatches, queue, records } = ports;
  if ((await batches.read(id)) !== null) return null;
  const kept = await lostBatches.kept(id);
  if (kept === null) return null;
  const found = await whatIsThere(ports, kept, signal);
  if (!(await lostBatches.bringBack(id, found))) return null;
  for (const { job, row } of found.items) {
    if (row !== null) continue;
    signal?.throwIfAborted();
    const record = await records.read(job);
    if (record !== null) await beginJob(queue, record);
  }
  return (await batches.read(id))?.status ?? kept.status;
}

async function whatIsThere(ports: RecoveryPorts, kept: BatchRecord, signal?: AbortSignal): Promise<FoundItems> {
  const { id, status, isDeleting, counts } = kept;
  const total = counts.total;
  // All its jobs are deleted, whatever they were.
  if (isDeleting) return { ...NOTHING, next: total };
  if (status === 'refused') return NOTHING;
  if (status !== 'validating') return findItems(ports, kept, total, signal);
  if ((await ports.store.head(manifestKey(id))) !== null) return NOTHING;
  // The manifest goes once the batch runs: that it does had not been noted yet.
  const items = await countItems(ports.store, id);
  return items === 0 ? NOTHING : { ...(await findItems(ports, kept, items, signal)), total: items };
}
