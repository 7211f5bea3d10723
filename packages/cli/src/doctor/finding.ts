/**
 * What may be wrong between Redis and the store.
 * `other_store`: the store is not the one that Redis knows. `lost_job`: the store can tell of a job that Redis has forgotten.
 * `objects_without_record`: objects of no job. `record_without_objects`: a job whose objects are not there. `buried_with_objects`:
 * objects of a deleted job. `lost_batch`: the store can tell of a batch that Redis has forgotten. `record_not_kept`: a waiting job that the store could not bring back. `job_without_entries`: nobody
 * will work on it. `entry_without_job` · `foreign_entry`: entries that nobody needs. `unreadable_entry`: one that no worker takes.
 */
export type FindingKind =
  | 'other_store'
  | 'lost_job'
  | 'lost_batch'
  | 'objects_without_record'
  | 'record_without_objects'
  | 'buried_with_objects'
  | 'record_not_kept'
  | 'job_without_entries'
  | 'entry_without_job'
  | 'foreign_entry'
  | 'unreadable_entry';

export interface Finding {
  readonly kind: FindingKind;
  readonly job?: string;
  readonly batch?: string;
  readonly queue?: string;
  readonly entry?: string;
  /** For people. */
  readonly says: string;
  /** Makes it good and answers what was done; absent where nothing is safe to do. */
  readonly mend?: () => Promise<string>;
}
