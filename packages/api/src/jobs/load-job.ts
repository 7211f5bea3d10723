import { isJobId, JobError, type JobId } from '@styleflow/contracts';
import type { JobRecord, JobRecords } from '@styleflow/queue';
import type { Caller } from '../auth/api-keys.js';

/** The id in an address. @throws JobError `not_found` for what cannot be one. */
export function parseJobId(text: string | undefined): JobId {
  if (text === undefined || !isJobId(text)) throw notFound(text ?? '');
  return text;
}

/** The record, if the caller may see it: another owner's job answers as one that never was. @throws JobError `not_found` */
export function assertVisible(record: JobRecord | null, id: JobId, caller: Caller): JobRecord {
  if (record === null || !(caller.isAdmin || record.owner === caller.owner)) throw notFound(id);
  return record;
}

/** @throws JobError `not_found` */
export async function loadJob(records: JobRecords, id: string | undefined, caller: Caller): Promise<JobRecord> {
  const jobId = parseJobId(id);
  return assertVisible(await records.read(jobId), jobId, caller);
}

function notFound(id: string): JobError {
  return new JobError('not_found', `There is no job ${id.slice(0, 100)}.`);
}
