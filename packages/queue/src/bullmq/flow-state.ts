import { entryId, type JobRun } from '@styleflow/contracts';
import type { Queue } from 'bullmq';
import type { FlowState } from '../ports/job-queue.js';
import type { RedisClient } from '../redis/connection.js';
import { reachRedis } from '../redis/reach-redis.js';
import { readScript, runScript } from '../redis/redis-script.js';

const flowScript = readScript('bullmq/flow');

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
