import { setTimeout as pause } from 'node:timers/promises';
import { JobError, JobIdSchema, REPORT_QUEUE } from '@styleflow/contracts';
import type { Logger } from '@styleflow/runtime';
import { Worker } from 'bullmq';
import { z } from 'zod';
import type { ReportHandler, ReportQueue, ReportWorker } from '../ports/report-queue.js';
import type { Complaints } from '../redis/complaints.js';
import { openRedis, type RedisClient } from '../redis/connection.js';
import { reachRedis } from '../redis/reach-redis.js';
import { KEY_PREFIX } from '../redis/record-keys.js';
import type { RedisAddress } from '../redis/redis-url.js';
import { workerName } from './attempt-failure.js';
import type { OpenQueues } from './bullmq-queues.js';
import { goByRedisTime } from './redis-time.js';

/** A page that cannot be printed twice will not be printed a third time. */
const ATTEMPTS = 2;
/** How long the reason of a failure waits for whoever asked. */
const FAILURE_KEPT_S = 600;
const LAST_WORDS_MS = 2_000;

const EntrySchema = z.object({ v: z.literal(1), job: JobIdSchema, run: z.int().min(1) });

interface ReportQueueOptions {
  readonly client: RedisClient;
  readonly queues: OpenQueues;
  readonly address: RedisAddress;
  readonly logger: Logger;
  readonly complaints: Complaints;
  readonly lockDurationMs: number;
}

/** The queue of reports in BullMQ. */
export function bullmqReportQueue(options: ReportQueueOptions): ReportQueue {
  const { client, queues } = options;
  return {
    async ask({ job, run }) {
      const queue = await queues.open(REPORT_QUEUE);
      const jobId = `${job}.${run}.pdf`;
      return reachRedis(client, async () => {
        const known = await queue.getJob(jobId);
        if (known && (await known.getState()) === 'failed') {
          await known.remove();
          return known.failedReason ?? 'It could not be printed.';
        }
        const data: z.infer<typeof EntrySchema> = { v: 1, job, run };
        const ended = { removeOnComplete: true, removeOnFail: { age: FAILURE_KEPT_S } };
        const tries = { attempts: ATTEMPTS, backoff: { type: 'fixed', delay: 1_000 }, stackTraceLimit: 1 };
        await queue.add(REPORT_QUEUE, data, { jobId, ...ended, ...tries });
        return null;
      });
    },
    work: (handler, { concurrency }) => startWorker(options, handler, concurrency),
  };
}

function startWorker(options: ReportQueueOptions, handler: ReportHandler, concurrency: number): ReportWorker {
  const { address, complaints, logger, lockDurationMs } = options;
  const connection = goByRedisTime(openRedis(address, 'worker', complaints));
  const abort = new AbortController();
  let busy = 0;
  const worker = new Worker(
    REPORT_QUEUE,
    async (entry) => {
      const { job, run } = EntrySchema.parse(entry.data);
      busy += 1;
      try {
        await handler({ job, run }, abort.signal);
      } catch (error) {
        logger.warn({ err: error, job, run }, 'a report could not be printed');
        throw error;
      } finally {
        busy -= 1;
      }
    },
    {
      name: workerName(),
      ...{ connection, prefix: KEY_PREFIX, concurrency, lockDuration: lockDurationMs },
      stalledInterval: lockDurationMs / 2,
      maxStalledCount: ATTEMPTS,
    },
  );
  worker.on('error', (error) => complaints.warn(error, { queue: REPORT_QUEUE }, 'worker'));
  async function closeWithin(graceMs: number): Promise<void> {
    const ended = worker
      .close()
      .catch((error: unknown) => logger.warn({ err: error }, 'closing the worker of reports'));
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
