import { randomUUID } from 'node:crypto';
import { JobError } from '@styleflow/contracts';
import type { RedisHealth } from '../ports/redis-health.js';
import type { RedisClient } from './connection.js';
import { reachRedis } from './reach-redis.js';
import { recordKeys } from './record-keys.js';
import { readScript, runScript } from './redis-script.js';

/** A probe outlives its process by this. */
const PROBE_MS = 60_000;

const memoryScript = readScript('redis/memory');

/** The state of the Redis at the end of a fail-fast connection. */
export function redisHealth(client: RedisClient): RedisHealth {
  const probe = recordKeys.probe(randomUUID());
  return {
    async check() {
      // A server that is full, or follows another one, answers a PING as well as ever.
      const value = randomUUID();
      await reachRedis(client, () => client.set(probe, value, 'PX', PROBE_MS));
      if ((await reachRedis(client, () => client.get(probe))) === value) return;
      throw new JobError('queue_unavailable', 'Redis does not keep what is written.');
    },

    async memory() {
      const info = String(await reachRedis(client, () => runScript(client, memoryScript, [recordKeys.workers], [])));
      const read = (name: string): number => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1] ?? Number.NaN);
      return { usedBytes: read('used_memory'), limitBytes: read('maxmemory') || null };
    },
  };
}
