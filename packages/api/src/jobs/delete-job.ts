import { isEnded } from '@styleflow/contracts';
import type { JobRecord } from '@styleflow/queue';
import { jobPrefix } from '@styleflow/storage';
import type { ApiPorts } from '../ports/api-ports.js';

/**
 * Makes a job and every object under its prefix disappear; never an S3 source, which lies elsewhere.
 *
 * Objects go before the record, so that a store that is down leaves a job that can be deleted again. Burial then forbids
 * every further write; what a worker wrote between the two is deleted after it, and what it writes still later by the
 * sweep, which follows the tombstone.
 */
export async function deleteJob({ records, queue, store, logger }: ApiPorts, record: JobRecord): Promise<void> {
  const { id, run } = record;
  if (!isEnded(record.status)) {
    await records.requestCancel(id);
    await queue.dropWaitingPrepare({ job: id, run });
  }
  await store.deletePrefix(jobPrefix(id));
  await records.bury(id);
  try {
    await store.deletePrefix(jobPrefix(id));
    await queue.removeEntries({ job: id, run });
  } catch (error) {
    logger.warn({ err: error, job: id }, 'left what a late worker wrote to the sweep');
  }
}
