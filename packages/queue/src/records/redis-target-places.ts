import { randomUUID } from 'node:crypto';
import type { Logger } from '@styleflow/runtime';
import type { TargetPlaces } from '../ports/target-places.js';
import type { RedisClient } from '../redis/connection.js';
import { reachRedis } from '../redis/reach-redis.js';
import { recordKeys } from '../redis/record-keys.js';
import { readScript, runScript } from '../redis/redis-script.js';

const takeScript = readScript('records/take-place');

const FALLS_BACK_MS = 30_000;

/** The places of each target in one sorted set, by when they fall back unless their holder keeps them. */
export function redisTargetPlaces(
  client: RedisClient,
  logger: Logger,
  { fallsBackMs = FALLS_BACK_MS }: { readonly fallsBackMs?: number } = {},
): TargetPlaces {
  return {
    async take(target, max) {
      const key = recordKeys.fetches(target);
      const token = randomUUID();
      const keep = (places: number): Promise<unknown> =>
        reachRedis(client, () => runScript(client, takeScript, [key], [token, places, fallsBackMs]));
      if ((await keep(max)) !== 1) return null;
      // What is held is kept, also when an outage was long enough for others to take its place.
      const renewal = setInterval(() => {
        keep(Number.MAX_SAFE_INTEGER).catch((error: unknown) => logger.debug({ err: error }, 'could not keep a place'));
      }, fallsBackMs / 3);
      renewal.unref();
      return {
        async release() {
          clearInterval(renewal);
          await reachRedis(client, () => client.zrem(key, token)).catch((error: unknown) => {
            logger.debug({ err: error }, 'could not give a place back; it falls back by itself');
          });
        },
      };
    },
  };
}
