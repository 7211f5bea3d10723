import { isEnded } from '@styleflow/contracts';
import { jobPrefix } from '@styleflow/storage';
import type { ApiPorts } from '../ports/api-ports.js';
import type { KnownJob } from './load-job.js';

/**
 * Deletes a job and every object under its prefix. An S3 source lies elsewhere and is never deleted.
 *
 * Objects go before the record, so that a job can be deleted again when the store was down. Burying the record then
 * forbids every further write. Objects that a worker wrote between the two are deleted after the burial; those that it
 * writes later are deleted by the sweep, which knows the job by its tombstone.
 */
export async function deleteJob({ records, queue, store, logger }: ApiPorts, record: KnownJob): Promise<void> {
  const { id, run } = record;
  if (!isEnded(record.status)) {
    await records.requestCancel(id);
    await queue.dropWaiting({ job: id, run });
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
