import type { JobId } from '@styleflow/contracts';
import type { JobRecord } from './job-record.js';

/** What became of the search for a job that Redis does not know. */
export type LostJob =
  | { readonly outcome: 'unknown' }
  /** It was deleted, or its retention is over. `owner` is null where nobody knows any more. */
  | { readonly outcome: 'gone'; readonly owner: string | null }
  /** Something of it is there, but no record from which it could go on. */
  | { readonly outcome: 'unrecoverable' }
  /** Redis knows it again, and had forgotten it unless `wasKnown`. Unended, it needs its flow. */
  | { readonly outcome: 'back'; readonly record: JobRecord; readonly wasKnown: boolean };

/**
 * Jobs that a Redis which forgot does not know any more. The archive has the record of each: as it was accepted, and as it was
 * when a run had ended.
 *
 * Promises: what was deleted, or whose retention is over, never comes back; a job that Redis knows is left as it is; a run that
 * had not ended goes on under its number, so what it has stored counts.
 * An outage is JobError `queue_unavailable`, or `storage_unavailable` of the archive.
 */
export interface LostJobs {
  /** Finds the job in the archive and makes Redis know it again. */
  bringBack(id: JobId): Promise<LostJob>;
  /** Accepted and not yet in the archive, the earliest first: the archive was away then, or they are being accepted now. */
  unkept(limit: number): Promise<JobId[]>;
  /** Puts the record, as it stands in Redis, into the archive as the accepted one. */
  keep(id: JobId): Promise<void>;
  /** The tombstone of a job as it stood since `at` (ms by the clock of Redis), in a Redis that forgot it. False when its time is over. */
  buryAgain(id: JobId, at: number): Promise<boolean>;
}
