import { JobError } from '@styleflow/contracts';
import type { Queue } from 'bullmq';
import type { OpenQueues } from '../bullmq/bullmq-queues.js';
import type { QueueInspector } from '../ports/queue-inspector.js';
import type { SharedClock } from '../ports/shared-clock.js';
import type { RedisClient } from '../redis/connection.js';
import { reachRedis } from '../redis/reach-redis.js';
import { entryFacts } from './entry-facts.js';
import { isEntryId, readEntryInside } from './entry-inside.js';
import { readEntryPage } from './entry-page.js';

/**
 * Looks into BullMQ's queues. Pausing is BullMQ's own: it marks the queue, and every worker reads the mark before it
 * takes an entry.
 */
export function bullmqQueueInspector(client: RedisClient, queues: OpenQueues, clock: SharedClock): QueueInspector {
  /** Opens a queue by a known name only, because opening a queue remembers its name. */
  async function known(name: string): Promise<Queue> {
    const names = await queues.names();
    if (names.includes(name)) return queues.open(name);
    throw new JobError('not_found', `There is no queue ${name.slice(0, 100)}; there are ${names.join(', ')}.`);
  }

  return {
    async entries(name, query) {
      const queue = await known(name);
      const now = await clock.now();
      const page = await reachRedis(client, () => readEntryPage(client, queue.toKey(''), query));
      return { ...page, entries: page.entries.map((entry) => entryFacts(name, query.state, entry, now)) };
    },

    async entry(name, id) {
      const queue = await known(name);
      const now = await clock.now();
      return reachRedis(client, () => readEntryInside(client, queue, id, now));
    },

    async remove(name, id) {
      const queue = await known(name);
      return reachRedis(client, async () => {
        if (!isEntryId(id) || (await queue.getJobState(id)) === 'unknown') return false;
        return (await queue.remove(id, { removeChildren: false })) === 1;
      });
    },

    async pause(name) {
      const queue = await known(name);
      await reachRedis(client, () => queue.pause());
    },

    async resume(name) {
      const queue = await known(name);
      await reachRedis(client, () => queue.resume());
    },
  };
}
