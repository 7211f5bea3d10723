import type { RedisHealth } from '../ports/redis-health.js';
import type { RedisClient } from './connection.js';
import { reachRedis } from './reach-redis.js';
import { recordKeys } from './record-keys.js';
import { readScript, runScript } from './redis-script.js';

const memoryScript = readScript('redis/memory');

/** The state of the Redis at the end of a fail-fast connection. */
export function redisHealth(client: RedisClient): RedisHealth {
  return {
    async check() {
      await reachRedis(client, () => client.ping());
    },

    async memory() {
      const info = String(await reachRedis(client, () => runScript(client, memoryScript, [recordKeys.workers], [])));
      const read = (name: string): number => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1] ?? Number.NaN);
      return { usedBytes: read('used_memory'), limitBytes: read('maxmemory') || null };
    },
  };
}
