import type { Logger } from '@styleflow/runtime';
import { openBullmqJobQueue } from './bullmq-job-queue.js';
import { bullmqQueueInspector } from './bullmq-queue-inspector.js';
import { openBullmqQueues } from './bullmq-queues.js';
import { complaintsTo } from './complaints.js';
import { openRedis, type RedisClient, warnOfForgetfulRedis } from './connection.js';
import type { JobQueue } from './job-queue.js';
import type { JobChanges, JobRecords } from './job-records.js';
import type { QueueInspector } from './queue-inspector.js';
import type { QueueSettings } from './queue-settings.js';
import { reachRedis } from './reach-redis.js';
import { NO_ARCHIVE, type RecordArchive } from './record-archive.js';
import { openJobChanges } from './redis-job-changes.js';
import { redisJobRecords } from './redis-job-records.js';
import { parseRedisUrl, type RedisAddress } from './redis-url.js';

export interface QueueConnection {
  readonly records: JobRecords;
  readonly queue: JobQueue;
  readonly inspector: QueueInspector;
  /** One per process: opens the subscriber connection. */
  openChanges(): Promise<JobChanges>;
  /** Closes every connection opened here. Stage workers are closed before, by their own `close`. */
  close(): Promise<void>;
}

/** How long a process waits at start for a Redis that starts at the same time. */
const START_WAIT_MS = 15_000;

/**
 * Connects to Redis and opens what the product keeps there.
 * `archive` holds the records of jobs that ended a while ago; without it they read as unknown.
 * `lockDurationMs` overrides the setting, for tests that wait for a takeover.
 * @throws JobError `queue_unavailable` when Redis does not answer within 15 s.
 */
export async function connectQueue(
  settings: QueueSettings,
  {
    logger,
    archive = NO_ARCHIVE,
    lockDurationMs = settings.STYLEFLOW_LOCK_SECONDS * 1000,
  }: { logger: Logger; archive?: RecordArchive; lockDurationMs?: number },
): Promise<QueueConnection> {
  const address = parseAddress(settings);
  const complaints = complaintsTo(logger);
  const commands = openRedis(address, 'commands', complaints);
  try {
    await untilReachable(commands);
  } catch (error) {
    commands.disconnect();
    throw error;
  }
  await warnOfForgetfulRedis(commands, logger);
  const queues = openBullmqQueues(commands, complaints);
  const queue = await openBullmqJobQueue({ client: commands, address, logger, complaints, lockDurationMs, queues });
  const subscribers: RedisClient[] = [];
  return {
    records: redisJobRecords(commands, archive, { maxUnfinished: settings.STYLEFLOW_MAX_QUEUED_JOBS }),
    queue,
    inspector: bullmqQueueInspector(commands, queues),
    openChanges() {
      const subscriber = openRedis(address, 'subscriber', complaints);
      subscribers.push(subscriber);
      return openJobChanges(subscriber, commands, logger);
    },
    async close() {
      await queue.close();
      await queues.close();
      for (const client of [...subscribers, commands]) client.disconnect();
    },
  };
}

function parseAddress(settings: QueueSettings): RedisAddress {
  const address = parseRedisUrl(settings.STYLEFLOW_REDIS_URL);
  if (address === null) throw new TypeError('STYLEFLOW_REDIS_URL is no address of Redis');
  const sentinelPassword = settings.STYLEFLOW_REDIS_SENTINEL_PASSWORD;
  return address.kind === 'sentinel' && sentinelPassword !== undefined ? { ...address, sentinelPassword } : address;
}

async function untilReachable(client: RedisClient): Promise<void> {
  const deadline = performance.now() + START_WAIT_MS;
  for (;;) {
    try {
      await reachRedis(client, () => client.ping());
      return;
    } catch (error) {
      if (performance.now() > deadline) throw error;
    }
  }
}
