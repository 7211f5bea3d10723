import { isStageQueue, REPORT_QUEUE, STAGE_QUEUES, scoreQueueName, WEBHOOK_QUEUE } from '@styleflow/contracts';
import { Queue } from 'bullmq';
import type { Complaints } from '../redis/complaints.js';
import type { RedisClient } from '../redis/connection.js';
import { reachRedis } from '../redis/reach-redis.js';
import { KEY_PREFIX, recordKeys } from '../redis/record-keys.js';

/** BullMQ appends an event per move of an entry; nobody here reads them. */
const BULLMQ_EVENTS_KEPT = 100;

type StageQueue = (typeof STAGE_QUEUES)[number];

export const PREPARE_QUEUE = 'prepare' satisfies StageQueue;
export const FINISH_QUEUE = 'finish' satisfies StageQueue;

/** The queue that serves a bundle, by its whole digest or the first twelve digits. */
export const scoreQueueOf = (bundleDigest: string): string => scoreQueueName(bundleDigest.slice(0, 12));

/** Whether every installation has it. */
const isOwnQueue = (name: string): boolean => isStageQueue(name) || name === WEBHOOK_QUEUE || name === REPORT_QUEUE;

/** BullMQ's queues, opened when first asked for, all over one connection. */
export interface OpenQueues {
  open(name: string): Promise<Queue>;
  /** The stages' own queues, every queue of a bundle that was ever used, and those of webhooks and of reports. */
  names(): Promise<string[]>;
  close(): Promise<void>;
}

export function openBullmqQueues(client: RedisClient, complaints: Complaints): OpenQueues {
  const queues = new Map<string, Promise<Queue>>();

  async function construct(name: string): Promise<Queue> {
    const queue = new Queue(name, {
      connection: client,
      prefix: KEY_PREFIX,
      streams: { events: { maxLen: BULLMQ_EVENTS_KEPT } },
    });
    queue.on('error', (error) => complaints.warn(error, { queue: name }, 'queue'));
    await queue.waitUntilReady();
    if (!isOwnQueue(name)) await client.sadd(recordKeys.scoreQueues, name);
    return queue;
  }

  return {
    open(name) {
      const known = queues.get(name);
      if (known) return known;
      const opening = reachRedis(client, () => construct(name));
      queues.set(name, opening);
      // A queue that met an outage while it opened never recovers: the next caller opens another.
      opening.catch(() => queues.delete(name));
      return opening;
    },

    async names() {
      const scoreQueues = await reachRedis(client, () => client.smembers(recordKeys.scoreQueues));
      // A version that did not know a stage yet may have noted its queue as a bundle's.
      return [...STAGE_QUEUES, ...scoreQueues.filter((name) => !isOwnQueue(name)).sort(), WEBHOOK_QUEUE, REPORT_QUEUE];
    },

    async close() {
      const opened = await Promise.allSettled(queues.values());
      for (const result of opened) if (result.status === 'fulfilled') await result.value.close();
    },
  };
}
