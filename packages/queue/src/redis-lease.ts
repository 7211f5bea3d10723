import { randomUUID } from 'node:crypto';
import type { Logger } from '@styleflow/runtime';
import type { RedisClient } from './connection.js';
import { reachRedis } from './reach-redis.js';
import { recordKeys } from './record-keys.js';
import { type RedisScript, runScript } from './redis-script.js';

/** Both change the lease only while it is still ours. KEYS[1]: the lease; ARGV[1]: our token. */
const renewScript: RedisScript = {
  name: 'renewLease',
  lua: `if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end return redis.call('PEXPIRE', KEYS[1], ARGV[2])`,
};
const endScript: RedisScript = {
  name: 'endLease',
  lua: `if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end return redis.call('DEL', KEYS[1])`,
};

/**
 * Runs `task` when nobody else holds the lease; answers whether it ran. The lease is renewed while the task runs, given back
 * after it, and falls back `seconds` after its holder was lost.
 */
export async function withRedisLease(
  client: RedisClient,
  logger: Logger,
  { name, seconds }: { name: string; seconds: number },
  task: () => Promise<void>,
): Promise<boolean> {
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
}
