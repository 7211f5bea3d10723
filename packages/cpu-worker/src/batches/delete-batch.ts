import { partsOf } from '@styleflow/batches';
import { itemJobId } from '@styleflow/contracts';
import type { BatchRecord } from '@styleflow/queue';
import { mapBounded } from '@styleflow/runtime';
import { batchPrefix, jobPrefix } from '@styleflow/storage';
import type { BatchPorts } from './batch-ports.js';
import { stopJobs } from './stop-jobs.js';

const CHUNK = 1_000;
const AT_ONCE = 16;

/**
 * Deletes a batch with its jobs, once all of these have ended: their objects, then what Redis has of them, and the batch last, so
 * that a deletion that stopped half-way is begun anew. False while jobs have not ended.
 */
export async function deleteBatch(ports: BatchPorts, batch: BatchRecord, signal: AbortSignal): Promise<boolean> {
  const { batches, store, logger } = ports;
  await batches.requestCancel(batch.id);
  await stopJobs(ports, batch);
  const now = await batches.read(batch.id);
  if (now === null) return true;
  if (now.open > 0) return false;
  for (let from = 0; from < now.next; from += CHUNK) {
    signal.throwIfAborted();
    const indexes = Array.from({ length: Math.min(CHUNK, now.next - from) }, (_, step) => from + step);
    await mapBounded(indexes, AT_ONCE, async (index) => {
      const job = itemJobId(batch.id, index);
      await store.deletePrefix(jobPrefix(job));
      await batches.forgetItem(job, batch);
    });
  }
  await store.deletePrefix(batchPrefix(batch.id));
  await batches.forget(batch.id, partsOf(now.counts.total));
  logger.info({ batch: batch.id, jobs: now.next }, 'batch deleted');
  return true;
}
