import { bundleOfQueue, type EntryRef, type JobError, parseEntryId, parseJobError } from '@styleflow/contracts';
import type { Logger } from '@styleflow/runtime';
import type { Job, Queue } from 'bullmq';
import type { ChildFailures } from '../ports/job-queue.js';
import type { RedisClient } from '../redis/connection.js';
import { reachRedis } from '../redis/reach-redis.js';
import type { OpenQueues } from './bullmq-queues.js';
import { parseEntryKey, prepareIds } from './entries.js';

/** Children are read and removed in pages of about this many, so that Redis never works on one call for long. */
const CHILDREN_PAGE = 500;

/**
 * Why children of `finish` failed for good: their failed reasons, which hold a printed JobError. One of a stage that this version
 * does not know is told to the log: it is for a `finish` of its own version to judge.
 */
export async function readChildFailures(
  client: RedisClient,
  finish: Job,
  logger: Pick<Logger, 'warn'>,
): Promise<ChildFailures> {
  const clips: ChildFailures['clips'][number][] = [];
  // Of several that failed the last one counts.
  let prepare: { readonly at: number; readonly error: JobError | null } = { at: -1, error: null };
  for await (const { ignored } of childPages(client, finish, ['ignored'])) {
    for (const [key, reason] of Object.entries(ignored)) {
      const { id, queue } = parseEntryKey(key);
      const error = parseJobError(String(reason));
      const ref = parseEntryId(id);
      if (ref?.stage === 'score' && ref.track !== null && ref.clip !== null) {
        clips.push({ track: ref.track, clip: ref.clip, bundle: bundleOfQueue(queue) ?? '', error });
      } else if (ref?.stage === 'prepare') {
        const at = prepareIds(ref).indexOf(id);
        if (at > prepare.at) prepare = { at, error };
      } else {
        logger.warn({ entry: id, err: error }, 'a child of a stage that this version does not know has failed');
      }
    }
  }
  return { prepare: prepare.error, clips };
}

/** Deletes the children of `finish`; answers how many a worker still holds. */
export async function removeChildren(client: RedisClient, finish: Job, queues: OpenQueues): Promise<number> {
  const removeChild = async (key: string): Promise<boolean> => {
    const { queue, id } = parseEntryKey(key);
    return (await (await queues.open(queue)).remove(id, { removeChildren: false })) === 1;
  };
  let heldByWorkers = 0;
  // A child that ends moves from the unprocessed to one of the others: read last, they hold what ended in between.
  for await (const page of childPages(client, finish, ['unprocessed', 'processed', 'ignored'])) {
    const keys = [...Object.keys(page.processed), ...Object.keys(page.ignored), ...page.unprocessed];
    const removed = await reachRedis(client, () => Promise.all(keys.map(removeChild)));
    heldByWorkers += removed.filter((isRemoved) => !isRemoved).length;
  }
  return heldByWorkers;
}

/**
 * Takes a run's entries that wait, or whose worker was lost, out of one queue; `before` hears of them first. Those that a worker holds
 * stay.
 */
export async function dropFromQueue(
  client: RedisClient,
  finish: Job,
  queue: Queue,
  before: (entries: readonly EntryRef[]) => Promise<void>,
): Promise<void> {
  for await (const { unprocessed } of childPages(client, finish, ['unprocessed'])) {
    const ids = unprocessed.map(parseEntryKey).flatMap(({ queue: name, id }) => (name === queue.name ? [id] : []));
    await before(ids.flatMap((id) => parseEntryId(id) ?? []));
    await reachRedis(client, () => Promise.all(ids.map((id) => queue.remove(id, { removeChildren: false }))));
  }
}

type ChildKind = 'processed' | 'unprocessed' | 'ignored';

interface ChildPage {
  readonly processed: Record<string, unknown>;
  readonly unprocessed: string[];
  /** Failed children by key, with why they failed. */
  readonly ignored: Record<string, unknown>;
}

async function* childPages(client: RedisClient, parent: Job, kinds: readonly ChildKind[]): AsyncGenerator<ChildPage> {
  for (const kind of kinds) {
    for (let cursor = 0; ; ) {
      const options = { [kind]: { cursor, count: CHILDREN_PAGE } };
      const page = await reachRedis(client, () => parent.getDependencies(options));
      const { processed = {}, unprocessed = [], ignored = {} } = page;
      yield { processed, unprocessed, ignored };
      const next: Record<ChildKind, number | undefined> = {
        processed: page.nextProcessedCursor,
        unprocessed: page.nextUnprocessedCursor,
        ignored: page.nextIgnoredCursor,
      };
      cursor = Number(next[kind] ?? 0);
      if (cursor === 0) break;
    }
  }
}
