import { randomUUID } from 'node:crypto';
import type { DeletionPace } from '../ports/deletion-pace.js';
import type { RedisClient } from '../redis/connection.js';
import { reachRedis } from '../redis/reach-redis.js';
import { recordKeys } from '../redis/record-keys.js';
import { readScript, runScript } from '../redis/redis-script.js';

const grantScript = readScript('records/grant-deletions');

/** The grants of the last minute, in one sorted set for each kind of deletion. */
export function redisDeletionPace(client: RedisClient): DeletionPace {
  return {
    async grant(what, wanted, perMinute) {
      const keys = [recordKeys.deletions(what)];
      return Number(
        await reachRedis(client, () => runScript(client, grantScript, keys, [wanted, perMinute, randomUUID()])),
      );
    },
  };
}
