import { entryId, type JobRun } from '@styleflow/contracts';
import type { Queue } from 'bullmq';
import type { RedisClient } from './connection.js';
import type { FlowState } from './job-queue.js';
import { reachRedis } from './reach-redis.js';
import { type RedisScript, runScript } from './redis-script.js';

/**
 * Looks at `finish` entries and, while they wait for children, whether one of them can still end. Children that are gone or
 * have ended and yet are waited for would hold it for ever; how that could come about: an entry deleted by hand, or a child
 * added again after it had failed. KEYS[1]: prefix of the queue's keys; ARGV[1]: '1' frees those held; then the entries.
 */
const flowScript: RedisScript = {
  name: 'flow',
  lua: `
local queue, frees = KEYS[1], ARGV[1] == '1'
local function look(id)
  local finish = queue .. id
  if redis.call('EXISTS', finish) == 0 then return 'absent' end
  if redis.call('ZSCORE', queue .. 'failed', id) then return 'failed' end
  if redis.call('ZSCORE', queue .. 'completed', id) then return 'completed' end
  if not redis.call('ZSCORE', queue .. 'waiting-children', id) then return 'live' end
  local children = redis.call('SMEMBERS', finish .. ':dependencies')
  local ended = {}
  for i, child in ipairs(children) do
    local childQueue, childId = string.match(child, '^(.*:)([^:]+)$')
    if redis.call('EXISTS', child) == 0 then ended[i] = { ':failed', 'internal: the entry was lost' }
    elseif redis.call('ZSCORE', childQueue .. 'failed', childId) then
      ended[i] = { ':failed', redis.call('HGET', child, 'failedReason') or 'internal: unknown' }
    elseif redis.call('ZSCORE', childQueue .. 'completed', childId) then ended[i] = { ':processed', 'null' }
    else return 'live' end
  end
  if frees then
    for i, child in ipairs(children) do redis.call('HSET', finish .. ended[i][1], child, ended[i][2]) end
    redis.call('DEL', finish .. ':dependencies')
    redis.call('ZREM', queue .. 'waiting-children', id)
    redis.call('RPUSH', queue .. 'wait', id)
    redis.call('ZADD', queue .. 'marker', 0, '0')
  end
  return 'held'
end
local states = {}
for i = 2, #ARGV do states[i - 1] = look(ARGV[i]) end
return states
`,
};

type FlowReply = 'absent' | 'failed' | 'completed' | 'live' | 'held';

async function lookAtFlows(
  client: RedisClient,
  finish: Queue,
  runs: readonly JobRun[],
  free: boolean,
): Promise<FlowReply[]> {
  const args = [free ? '1' : '0', ...runs.map((run) => entryId.finish(run))];
  return (await runScript(client, flowScript, [finish.toKey('')], args)) as FlowReply[];
}

/** One script: a few hundred runs keep Redis busy for some milliseconds. */
export async function readFlowStates(
  client: RedisClient,
  finish: Queue,
  runs: readonly JobRun[],
): Promise<FlowState[]> {
  if (runs.length === 0) return [];
  const replies = await reachRedis(client, () => lookAtFlows(client, finish, runs, false));
  return replies.map((reply) => (reply === 'live' || reply === 'absent' ? reply : 'dead'));
}

/** Lets a `finish` that failed, ended without deciding or is held for ever run again, with all its attempts. Others stay as they are. */
export async function reviveFlow(client: RedisClient, finish: Queue, run: JobRun): Promise<void> {
  await reachRedis(client, async () => {
    const [state] = await lookAtFlows(client, finish, [run], true);
    if (state !== 'failed' && state !== 'completed') return;
    const entry = await finish.getJob(entryId.finish(run));
    await entry?.retry(state, { resetAttemptsMade: true, resetAttemptsStarted: true });
  });
}
