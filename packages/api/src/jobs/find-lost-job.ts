import { isBatchId, isEnded, JobError, type JobId } from '@styleflow/contracts';
import {
  type BatchRecords,
  beginJob,
  type JobQueue,
  type JobRecord,
  type JobRecords,
  type LostBatches,
  type LostJobs,
} from '@styleflow/queue';
import type { Logger } from '@styleflow/runtime';

interface LostJobPorts {
  readonly records: JobRecords;
  readonly lostJobs: LostJobs;
  readonly batches: Pick<BatchRecords, 'read'>;
  readonly lostBatches: Pick<LostBatches, 'askForSearch'>;
  readonly queue: JobQueue;
  readonly logger: Logger;
}

/**
 * Records that are looked for in the store, too, when Redis does not know a job: a Redis that forgot is told again, and the job
 * goes on. What was deleted does not come back.
 */
export function findingLostJobs({ records, lostJobs, batches, lostBatches, queue, logger }: LostJobPorts): JobRecords {
  /** What its source needs lies with the batch, which has the item go on. */
  async function goesOnWithBatch({ batch = '', item }: JobRecord): Promise<boolean> {
    if (item === undefined || !isBatchId(batch) || (await batches.read(batch)) !== null) return false;
    await lostBatches.askForSearch();
    return true;
  }

  async function find(id: JobId): Promise<JobRecord | null> {
    // Deleted within the last 24 h, and Redis knows it: the usual case, which need not reach the store.
    if (await records.isBuried(id)) return null;
    const found = await lostJobs.bringBack(id);
    switch (found.outcome) {
      case 'unknown':
        return null;
      case 'gone':
        throw new JobError('gone', `Job ${id} has been deleted, or its retention is over.`, {
          details: { deleted: id, owner: found.owner },
        });
      case 'unrecoverable':
        throw new JobError(
          'not_found',
          `The record of job ${id} was lost, though the store still holds objects of it; \`styleflow doctor\` lists them.`,
        );
      case 'back': {
        const { record, wasKnown } = found;
        if (wasKnown) return record;
        logger.warn({ job: id, status: record.status }, 'Redis had forgotten this job: brought back from the store');
        if (!isEnded(record.status) && !(await goesOnWithBatch(record))) await beginJob(queue, record);
        return record;
      }
    }
  }

  return { ...records, read: async (id) => (await records.read(id)) ?? find(id) };
}
