import type { EntryFacts, EntryInside, EntryState } from '@styleflow/contracts';

/**
 * What an operator sees of the queues, and the one thing that he may do to them.
 *
 * Promises: lists are bounded and read no payload, so that none can break them; no key is searched for; nothing but
 * `pause` and `resume` changes anything.
 * Leaves out: retrying (a job is retried as a whole, by its record) and deleting (the sweep does).
 * Every call fails with JobError `not_found` for a queue that is not there, `queue_unavailable` when Redis is away.
 */
export interface QueueInspector {
  /**
   * Waiting entries in the order in which they will be taken; delayed ones by when they are due; failed and completed ones newest
   * first; others oldest first. The cursor stands at an entry: what stays in this state is neither missed nor repeated.
   * @throws JobError `invalid_request` for a cursor that is none
   */
  entries(
    queue: string,
    query: { readonly state: EntryState; readonly limit: number; readonly cursor?: string | undefined },
  ): Promise<{ readonly entries: EntryFacts[]; readonly nextCursor: string | null }>;
  /** Null when there is no such entry. */
  entry(queue: string, id: string): Promise<EntryInside | null>;
  /** Workers end what they hold and take nothing more from this queue, until it is resumed. Outlives restarts. Idempotent. */
  pause(queue: string): Promise<void>;
  resume(queue: string): Promise<void>;
}
