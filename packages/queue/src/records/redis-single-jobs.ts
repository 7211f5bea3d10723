import { z } from 'zod';
import type { SingleJobs } from '../ports/single-jobs.js';
import type { RedisClient } from '../redis/connection.js';
import { reachRedis } from '../redis/reach-redis.js';
import { recordKeys } from '../redis/record-keys.js';
import { readScript, runScript } from '../redis/redis-script.js';
import { parseJobIds } from './record-fields.js';

const waitingScript = readScript('records/waiting-singles');
const admitScript = readScript('records/admit-single');

const WaitingSchema = z.array(
  z
    .tuple([z.string(), z.number(), z.number(), z.number(), z.number()])
    .transform(([owner, waiting, open, unscoredClips, priority]) => ({
      ...{ owner: decodeURIComponent(owner), waiting, open, priority },
      unscoredClips: Math.max(0, unscoredClips),
    })),
);

/** In Redis: a set of those in the window, a sorted set of those that wait (`lua/records/prelude/`). */
export function redisSingleJobs(client: RedisClient): SingleJobs {
  return {
    waiting: async () =>
      WaitingSchema.parse(await reachRedis(client, () => runScript(client, waitingScript, [recordKeys.singles], []))),

    next: async (owner, count) =>
      count < 1
        ? []
        : parseJobIds(
            await reachRedis(client, () => client.zrange(recordKeys.waitingSingles(owner), '0', String(count - 1))),
          ),

    async admitted(owner, job) {
      const args = [job, recordKeys.safe(owner)];
      await reachRedis(client, () => runScript(client, admitScript, [recordKeys.job(job)], args));
    },

    async setWindow(window) {
      await reachRedis(client, () => client.hset(recordKeys.window, { ...window }));
    },
  };
}
