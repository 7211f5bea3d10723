import { isEnded } from '@styleflow/contracts';
import { jobPrefix, putTombstone } from '@styleflow/storage';
import type { ApiPorts } from '../ports/api-ports.js';
import type { KnownJob } from './load-job.js';

/**
 * Deletes a job and every object under its prefix. An S3 source lies elsewhere and is never deleted.
 *
 * A tombstone in the store comes first. From then on nothing brings the job back, not even a Redis that forgets.
 * Objects go before the record, so that a job can be deleted again when the store was down. Burying the record then
 * forbids every further write. Objects that a worker wrote between the two are deleted after the burial; those that it
 * writes later are deleted by the sweep, which knows the job by its tombstones.
 */
export async function deleteJob({ records, clock, queue, store, logger }: ApiPorts, record: KnownJob): Promise<void> {
  const { id, run, owner = null } = record;
  await putTombstone(store, id, { owner, at: await clock.now() });
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
