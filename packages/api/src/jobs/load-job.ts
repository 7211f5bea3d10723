import { isJobId, JobError, type JobId } from '@styleflow/contracts';
import type { JobRecord, JobRecords } from '@styleflow/queue';
import type { Caller } from '../auth/api-keys.js';

/**
 * Parses the id in an address.
 * @throws JobError `not_found` for a text that cannot be an id.
 */
export function parseJobId(text: string | undefined): JobId {
  if (text === undefined || !isJobId(text)) throw notFound(text ?? '');
  return text;
}

/**
 * Gives the record if the caller may see it. Another owner's job is answered like one that never existed.
 * @throws JobError `not_found`
 */
export function assertVisible(record: JobRecord | null, id: JobId, caller: Caller): JobRecord {
  if (record === null || !(caller.isAdmin || record.owner === caller.owner)) throw notFound(id);
  return record;
}

/** @throws JobError `not_found` */
export async function loadJob(records: JobRecords, id: string | undefined, caller: Caller): Promise<JobRecord> {
  const jobId = parseJobId(id);
  return assertVisible(await asSeenBy(caller, records.read(jobId)), jobId, caller);
}

/** What reads a record, for this caller: that a job of another owner is gone is none of his business, either. */
export async function asSeenBy<T>(caller: Caller, reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    if (!(error instanceof JobError) || error.code !== 'gone' || caller.isAdmin) throw error;
    const { job, owner } = error.details ?? {};
    throw typeof job !== 'string' || owner === caller.owner ? error : notFound(job);
  }
}

function notFound(id: string): JobError {
  return new JobError('not_found', `There is no job ${id.slice(0, 100)}.`);
}
