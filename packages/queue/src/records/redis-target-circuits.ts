import { createHash } from 'node:crypto';
import type { TargetCircuits } from '../ports/target-circuits.js';
import type { RedisClient } from '../redis/connection.js';
import { reachRedis } from '../redis/reach-redis.js';
import { recordKeys } from '../redis/record-keys.js';
import { readScript, runScript } from '../redis/redis-script.js';

const restScript = readScript('records/circuit-rest');
const failedScript = readScript('records/circuit-failed');

const PACE = { failuresBefore: 5, firstRestMs: 30_000, longestRestMs: 1_800_000, tryingMs: 30_000 };

/** The circuit of each target in one hash, which Redis forgets when nobody calls the target any more. */
export function redisTargetCircuits(client: RedisClient, pace: typeof PACE = PACE): TargetCircuits {
  const { failuresBefore, firstRestMs, longestRestMs, tryingMs } = pace;
  // By a digest: addresses are long, and none stands in a key.
  const keyOf = (target: string): string =>
    recordKeys.circuit(createHash('sha256').update(target).digest('hex').slice(0, 32));
  return {
    restMs: async (target) =>
      Number(await reachRedis(client, () => runScript(client, restScript, [keyOf(target)], [tryingMs]))),

    async succeeded(target) {
      await reachRedis(client, () => client.del(keyOf(target)));
    },

    async failed(target) {
      const args = [failuresBefore, firstRestMs, longestRestMs];
      await reachRedis(client, () => runScript(client, failedScript, [keyOf(target)], args));
    },
  };
}
