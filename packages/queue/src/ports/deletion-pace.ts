/** What retention deletes, each at a pace of its own. */
export type Deletion = 'results' | 'media' | 'uploads';

/**
 * How fast retention may delete, all processes together. Nothing is saved up: after a pause it goes on as fast as before.
 * An outage is JobError `queue_unavailable`: what was not granted is not deleted.
 */
export interface DeletionPace {
  /** How many of `wanted` may be deleted now, so that within any minute no more than `perMinute` are. */
  grant(what: Deletion, wanted: number, perMinute: number): Promise<number>;
}
