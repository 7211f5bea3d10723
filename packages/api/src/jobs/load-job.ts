import { isJobId, JobError, type JobId } from '@styleflow/contracts';
import type { JobRecord, JobRecords, JobStanding } from '@styleflow/queue';
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

/** @throws JobError `not_found`; `gone` where the record is damaged, or Redis has forgotten that it was deleted */
export function loadJob(records: JobRecords, id: string | undefined, caller: Caller): Promise<JobRecord> {
  const jobId = parseJobId(id);
  return readVisible(records, jobId, caller, () => records.read(jobId));
}

/**
 * The record as `read` answers it, if the caller may see it.
 * @throws JobError `not_found`; `gone` where the record is damaged or was deleted, which is said to its owner alone.
 */
export async function readVisible(
  records: JobRecords,
  id: JobId,
  caller: Caller,
  read: () => Promise<JobRecord | null>,
): Promise<JobRecord> {
  try {
    return assertVisible(await read(), id, caller);
  } catch (error) {
    if (isDamagedRecord(error) && (await standingFor(records, id, caller)) === null) throw notFound(id);
    if (isDeletedFor(error, caller)) throw notFound(id);
    throw error;
  }
}

/** What is known of a job also when its record is damaged: enough to hand out its files and to delete it. */
export type KnownJob = Pick<JobRecord, 'id' | 'run' | 'status' | 'error'> &
  Partial<Pick<JobRecord, 'owner' | 'bundle' | 'bundles' | 'leftOut'>>;

/** @throws JobError `not_found` */
export async function loadKnown(records: JobRecords, id: string | undefined, caller: Caller): Promise<KnownJob> {
  try {
    return await loadJob(records, id, caller);
  } catch (error) {
    const known = isDamagedRecord(error) ? await standingFor(records, parseJobId(id), caller) : null;
    if (known === null) throw error;
    return known;
  }
}

function standingFor(records: JobRecords, id: JobId, { isAdmin, owner }: Caller): Promise<JobStanding | null> {
  return isAdmin ? records.standing(id) : records.standing(id, owner);
}

/** That another's job was deleted, which is none of this caller's business. */
function isDeletedFor(error: unknown, { isAdmin, owner }: Caller): boolean {
  if (!(error instanceof JobError) || error.code !== 'gone' || isAdmin) return false;
  const { deleted } = error.details ?? {};
  return deleted !== undefined && error.details?.owner !== owner;
}

function isDamagedRecord(error: unknown): boolean {
  return error instanceof JobError && error.details?.damagedRecord !== undefined;
}

function notFound(id: string): JobError {
  return new JobError('not_found', `There is no job ${id.slice(0, 100)}.`);
}
