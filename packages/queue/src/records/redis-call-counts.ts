import { z } from 'zod';
import type { CallCounts } from '../ports/call-counts.js';
import type { RedisClient } from '../redis/connection.js';
import { reachRedis } from '../redis/reach-redis.js';
import { recordKeys } from '../redis/record-keys.js';
import { readScript, runScript } from '../redis/redis-script.js';

const countScript = readScript('records/count-call');
const reply = z.tuple([z.number(), z.number()]);

const MINUTE_MS = 60_000;

/** One counter for each owner, which Redis forgets after its minute. */
export function redisCallCounts(
  client: RedisClient,
  { minuteMs = MINUTE_MS }: { readonly minuteMs?: number } = {},
): CallCounts {
  return {
    async count(owner) {
      const keys = [recordKeys.calls(owner)];
      const [calls, endsInMs] = reply.parse(
        await reachRedis(client, () => runScript(client, countScript, keys, [minuteMs])),
      );
      return { calls, endsInMs };
    },
  };
}
