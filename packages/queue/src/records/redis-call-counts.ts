import { z } from 'zod';
import type { CallCounts, CallWindow } from '../ports/call-counts.js';
import type { RedisClient } from '../redis/connection.js';
import { reachRedis } from '../redis/reach-redis.js';
import { recordKeys } from '../redis/record-keys.js';
import { readScript, runScript } from '../redis/redis-script.js';

const countScript = readScript('records/count-call');
const reply = z.tuple([z.number(), z.number()]);

const WINDOWS_MS: Readonly<Record<CallWindow, number>> = { minute: 60_000, second: 1_000 };

/** One counter for each owner and window, which Redis forgets after it. */
export function redisCallCounts(
  client: RedisClient,
  { minuteMs = WINDOWS_MS.minute }: { readonly minuteMs?: number } = {},
): CallCounts {
  return {
    async count(owner, window = 'minute') {
      const keys = [recordKeys.calls(owner, window)];
      const args = [window === 'minute' ? minuteMs : WINDOWS_MS[window]];
      const [calls, endsInMs] = reply.parse(await reachRedis(client, () => runScript(client, countScript, keys, args)));
      return { calls, endsInMs };
    },
  };
}
