import type { EntryFacts, EntryInside, EntryState } from '@styleflow/contracts';

/**
 * What an operator sees of the queues, and the changes that he can make to them.
 *
 * Promises: lists are bounded and read no payload, so that none can break them; no call scans keys; only `pause`,
 * `resume` and `remove` change anything.
 * Leaves out: retrying (a job is retried as a whole, by its record) and deleting the entries of ended jobs (the sweep
 * does).
 * Every call fails with JobError `not_found` for an unknown queue, `queue_unavailable` when Redis is away.
 */
export interface QueueInspector {
  /**
   * Waiting entries in the order in which they will be taken, delayed ones by the time they are due, failed and
   * completed ones newest first, others oldest first. The cursor stands at an entry: an entry that stays in this state
   * is neither missed nor repeated.
   * @throws JobError `invalid_request` for an invalid cursor
   */
  entries(
    queue: string,
    query: { readonly state: EntryState; readonly limit: number; readonly cursor?: string | undefined },
  ): Promise<{ readonly entries: EntryFacts[]; readonly nextCursor: string | null }>;
  /** Everything about one entry; null when it does not exist. */
  entry(queue: string, id: string): Promise<EntryInside | null>;
  /**
   * Takes an entry out, whatever it is. False when there is none, or a worker holds it. Whether it may go is for the
   * caller to know.
   */
  remove(queue: string, id: string): Promise<boolean>;
  /**
   * Lets workers finish the entries they hold and take no more of this queue until it is resumed. Outlives restarts.
   * Idempotent.
   */
  pause(queue: string): Promise<void>;
  resume(queue: string): Promise<void>;
}
