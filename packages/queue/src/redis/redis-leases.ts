import { randomUUID } from 'node:crypto';
import type { Logger } from '@styleflow/runtime';
import type { Leases } from '../ports/leases.js';
import type { RedisClient } from './connection.js';
import { reachRedis } from './reach-redis.js';
import { recordKeys } from './record-keys.js';
import { readScript, runScript } from './redis-script.js';

const renewScript = readScript('redis/renew-lease');
const endScript = readScript('redis/end-lease');

/** Leases as keys that expire; each holds its holder's token. */
export function redisLeases(client: RedisClient, logger: Logger): Leases {
  return {
    async withLease(name, seconds, task) {
      const key = recordKeys.lease(name);
      const token = randomUUID();
      const ttlMs = seconds * 1000;
      const taken = await reachRedis(client, () => client.set(key, token, 'PX', ttlMs, 'NX'));
      if (taken !== 'OK') return false;
      const renewal = setInterval(() => {
        runScript(client, renewScript, [key], [token, ttlMs]).catch((error: unknown) => {
          logger.warn({ lease: name, err: error }, 'could not renew a lease');
        });
      }, ttlMs / 3);
      try {
        await task();
      } finally {
        clearInterval(renewal);
        await runScript(client, endScript, [key], [token]).catch((error: unknown) => {
          logger.warn({ lease: name, err: error }, 'could not give a lease back; it falls back by itself');
        });
      }
      return true;
    },
  };
}
