import { isEnded } from '@styleflow/contracts';
import type { JobQueue } from './ports/job-queue.js';
import type { JobRecord } from './ports/job-record.js';
import { preparePayloadOf } from './prepare-payload.js';

/**
 * Gives a job the entries of its current run, unless it has ended or waits for room among its owner's: then whoever admits does. Changes
 * nothing when it has them. False where it was left to wait.
 */
export async function beginJob(queue: Pick<JobQueue, 'addFlow'>, record: JobRecord): Promise<boolean> {
  if (record.isWaiting) return false;
  if (!isEnded(record.status)) await queue.addFlow(preparePayloadOf(record));
  return true;
}
