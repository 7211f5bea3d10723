import type { Arrivals } from '../ports/arrivals.js';
import type { RedisClient } from '../redis/connection.js';
import { reachRedis } from '../redis/reach-redis.js';
import { recordKeys } from '../redis/record-keys.js';
import { readScript, runScript } from '../redis/redis-script.js';
import { parseJobIds } from './record-fields.js';

const noteScript = readScript('records/note-arrival');
const forgetScript = readScript('records/forget-arrival');

/** One sorted set, by when each was noted last. */
export function redisArrivals(client: RedisClient): Arrivals {
  return {
    note: async (id) =>
      (await reachRedis(client, () => runScript(client, noteScript, [recordKeys.job(id)], [id]))) === 1,

    async notedBefore(before, limit) {
      const page = [recordKeys.arrivals, '-inf', `(${before}`, 'BYSCORE', 'LIMIT', '0', String(limit)] as const;
      return parseJobIds(await reachRedis(client, () => client.zrange(...page)));
    },

    async forget(id, notedBefore = Number.POSITIVE_INFINITY) {
      const before = Number.isFinite(notedBefore) ? notedBefore : '';
      await reachRedis(client, () => runScript(client, forgetScript, [recordKeys.arrivals], [id, before]));
    },
  };
}
