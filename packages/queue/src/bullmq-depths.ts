import type { Queue } from 'bullmq';
import { FINISH_QUEUE } from './bullmq-queues.js';
import type { RedisClient } from './connection.js';
import type { QueueDepth } from './job-queue.js';
import { type RedisScript, runScript } from './redis-script.js';

/**
 * When the oldest waiting entry was added, in ms: the next one of the list and the first of each of the ten priorities are the
 * candidates (BullMQ's scores are priority · 2³² + a counter). Empty when none waits. KEYS[1]: prefix of the queue's keys.
 */
const oldestScript: RedisScript = {
  name: 'oldest',
  lua: `
local queue = KEYS[1]
local candidates = { redis.call('LINDEX', queue .. 'wait', -1) or nil }
for priority = 1, 10 do
  local from = string.format('%.0f', priority * 4294967296)
  local below = '(' .. string.format('%.0f', (priority + 1) * 4294967296)
  local first = redis.call('ZRANGE', queue .. 'prioritized', from, below, 'BYSCORE', 'LIMIT', 0, 1)[1]
  if first then candidates[#candidates + 1] = first end
end
local oldest
for _, id in ipairs(candidates) do
  local at = tonumber(redis.call('HGET', queue .. id, 'timestamp') or '')
  if at and (not oldest or at < oldest) then oldest = at end
end
return oldest and string.format('%.0f', oldest) or ''
`,
};

/** `oldestSeconds` is null for `finish`: its entries are added with the job and say nothing of how long they wait. */
export async function readDepth(client: RedisClient, queue: Queue): Promise<QueueDepth> {
  const [counts, paused, oldest] = await Promise.all([
    queue.getJobCounts('wait', 'prioritized', 'active', 'delayed', 'waiting-children', 'failed', 'completed'),
    queue.isPaused(),
    queue.name === FINISH_QUEUE ? '' : runScript(client, oldestScript, [queue.toKey('')], []),
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
    oldestSeconds:
      typeof oldest === 'string' && oldest !== '' ? Math.max(0, (Date.now() - Number(oldest)) / 1000) : null,
  };
}
