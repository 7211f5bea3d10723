import type { Queue } from 'bullmq';
import type { QueueDepth } from '../ports/job-queue.js';
import type { RedisClient } from '../redis/connection.js';
import { recordKeys } from '../redis/record-keys.js';
import { readScript, runScript } from '../redis/redis-script.js';
import { FINISH_QUEUE } from './bullmq-queues.js';

const oldestScript = readScript('bullmq/oldest');

/** `now`: by the clock of Redis, as the entries' times. `oldestSeconds` is null for `finish`: its entries are added with the job and say nothing of how long they wait. */
export async function readDepth(client: RedisClient, queue: Queue, now: number): Promise<QueueDepth> {
  const [counts, paused, oldest] = await Promise.all([
    queue.getJobCounts('wait', 'prioritized', 'active', 'delayed', 'waiting-children', 'failed', 'completed'),
    queue.isPaused(),
    queue.name === FINISH_QUEUE
      ? ''
      : runScript(client, oldestScript, [queue.toKey(''), recordKeys.turns(queue.name)], []),
  ]);
  const { wait = 0, prioritized = 0, active = 0, delayed = 0, failed = 0, completed = 0 } = counts;
  return {
    name: queue.name,
    paused,
    waiting: wait + prioritized,
    active,
    delayed,
    waitingChildren: counts['waiting-children'] ?? 0,
    failed,
    completed,
    oldestSeconds: typeof oldest === 'string' && oldest !== '' ? Math.max(0, (now - Number(oldest)) / 1000) : null,
  };
}
