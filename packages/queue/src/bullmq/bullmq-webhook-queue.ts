import { setTimeout as pause } from 'node:timers/promises';
import { JobError, WEBHOOK_QUEUE } from '@styleflow/contracts';
import type { Logger } from '@styleflow/runtime';
import { DelayedError, type Job, Queue, Worker } from 'bullmq';
import { z } from 'zod';
import type { DeliveryRef, WebhookHandler, WebhookQueue, WebhookWorker } from '../ports/webhook-queue.js';
import type { Complaints } from '../redis/complaints.js';
import { openRedis, type RedisClient } from '../redis/connection.js';
import { reachRedis } from '../redis/reach-redis.js';
import { KEY_PREFIX, recordKeys } from '../redis/record-keys.js';
import type { RedisAddress } from '../redis/redis-url.js';
import { workerName } from './attempt-failure.js';
import { goByRedisTime } from './redis-time.js';

const QUEUE = WEBHOOK_QUEUE;
/** Deliveries taken into the queue in one call. */
const PAGE = 200;
/** When the handler itself fails, as in an outage of Redis: as often as it takes, since its own count decides when to give up. */
const OWN_FAILURES = { attempts: 1_000_000, backoff: { type: 'fixed', delay: 5_000 } };
const LAST_WORDS_MS = 2_000;

const EntrySchema = z.object({ v: z.literal(1), of: z.string(), n: z.int() });

interface WebhookQueueOptions {
  /** Fail-fast; workers open connections of their own. */
  readonly client: RedisClient;
  readonly address: RedisAddress;
  readonly logger: Logger;
  readonly complaints: Complaints;
  readonly lockDurationMs: number;
}

/** The queue of webhooks in BullMQ; opened when it is first used, so that a process that sends none has none. */
export function bullmqWebhookQueue(options: WebhookQueueOptions): WebhookQueue {
  const { client, complaints } = options;
  let opened: Promise<Queue> | null = null;

  async function construct(): Promise<Queue> {
    const queue = new Queue(QUEUE, { connection: client, prefix: KEY_PREFIX, streams: { events: { maxLen: 100 } } });
    queue.on('error', (error) => complaints.warn(error, { queue: QUEUE }, 'queue'));
    await queue.waitUntilReady();
    return queue;
  }

  function open(): Promise<Queue> {
    if (opened === null) {
      opened = construct();
      // A queue that met an outage while it opened never recovers: the next caller opens another.
      opened.catch(() => {
        opened = null;
      });
    }
    return opened;
  }

  /** True when the outbox may forget it. */
  async function add({ of, n }: DeliveryRef): Promise<boolean> {
    const jobId = `${of}.${n}`;
    const queue = await open();
    const state = await queue.getJobState(jobId);
    // Its end must not be taken for that of what was recorded since.
    if (state === 'active') return false;
    if (state === 'delayed') await (await queue.getJob(jobId))?.promote();
    if (state === 'unknown') {
      const data: z.infer<typeof EntrySchema> = { v: 1, of, n };
      await queue.add(QUEUE, data, { ...OWN_FAILURES, jobId, removeOnComplete: true, stackTraceLimit: 1 });
    }
    return true;
  }

  return {
    take: () =>
      reachRedis(client, async () => {
        const waiting = await client.zrange(recordKeys.outbox, '0', String(PAGE - 1));
        let taken = 0;
        for (const member of waiting) {
          const [of = '', n] = member.split(' ');
          if (!(await add({ of, n: Number(n) }))) continue;
          await client.zrem(recordKeys.outbox, member);
          taken += 1;
        }
        return taken;
      }),

    work: (handler, { concurrency }) => startWorker(options, handler, concurrency),

    waiting: () =>
      reachRedis(client, async () => {
        const counts = await (await open()).getJobCounts('waiting', 'delayed');
        return (counts.waiting ?? 0) + (counts.delayed ?? 0);
      }),

    async close() {
      await (await opened?.catch(() => undefined))?.close();
    },
  };
}

function startWorker(options: WebhookQueueOptions, handler: WebhookHandler, concurrency: number): WebhookWorker {
  const { address, complaints, logger, lockDurationMs } = options;
  const connection = goByRedisTime(openRedis(address, 'worker', complaints));
  const abort = new AbortController();
  let busy = 0;

  async function processEntry(job: Job, token: string | undefined): Promise<void> {
    const entry = EntrySchema.safeParse(job.data);
    if (!entry.success) {
      logger.error({ entry: job.id }, 'an entry of the queue of webhooks is none of ours');
      return;
    }
    busy += 1;
    try {
      const outcome = await handler(entry.data, abort.signal);
      if (outcome === 'done') return;
      await job.moveToDelayed(Date.now() + outcome.againInMs, token);
    } finally {
      busy -= 1;
    }
    // BullMQ's way of saying that the entry has been moved already.
    throw new DelayedError();
  }

  const worker = new Worker(QUEUE, processEntry, {
    name: workerName(),
    ...{ connection, prefix: KEY_PREFIX, concurrency },
    lockDuration: lockDurationMs,
    stalledInterval: lockDurationMs / 2,
    maxStalledCount: 1_000,
  });
  worker.on('error', (error) => complaints.warn(error, { queue: QUEUE }, 'worker'));

  async function closeWithin(graceMs: number): Promise<void> {
    const ended = worker
      .close()
      .catch((error: unknown) => logger.warn({ err: error }, 'closing the worker of webhooks'));
    await Promise.race([ended, pause(graceMs, undefined, { ref: false })]);
    // What is under way is given up; its entry is taken over when the lock ends.
    abort.abort(new JobError('internal', 'This worker is shutting down.'));
    await Promise.race([ended, pause(LAST_WORDS_MS)]);
    connection.disconnect();
  }

  let closing: Promise<void> | undefined;
  return {
    get busy() {
      return busy;
    },
    close(graceMs) {
      closing ??= closeWithin(graceMs);
      return closing;
    },
  };
}
