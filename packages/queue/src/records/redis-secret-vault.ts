import { JobError } from '@styleflow/contracts';
import type { SecretVault } from '../ports/secret-vault.js';
import type { RedisClient } from '../redis/connection.js';
import { reachRedis } from '../redis/reach-redis.js';
import { recordKeys } from '../redis/record-keys.js';
import { openBox, sealBox } from './sealed-box.js';
import type { SecretKey } from './secret-keys.js';

/** Boxes in one hash for each job or batch, beside its record. */
export function redisSecretVault(client: RedisClient, keys: readonly SecretKey[]): SecretVault {
  return {
    hasKey: keys.length > 0,

    seal(of, name, secret) {
      const [first] = keys;
      if (first === undefined)
        throw new JobError('internal', 'This process has no key to seal with (STYLEFLOW_SECRET_KEY).');
      return sealBox(first, { of, name }, secret);
    },

    async keep(of, boxes) {
      if (Object.keys(boxes).length > 0) await reachRedis(client, () => client.hset(recordKeys.secrets(of), boxes));
    },

    async open(of, name) {
      const box = await reachRedis(client, () => client.hget(recordKeys.secrets(of), name));
      return box === null ? null : openBox(keys, { of, name }, box);
    },

    unseal: (of, name, box) => openBox(keys, { of, name }, box),

    async erase(of, names) {
      const key = recordKeys.secrets(of);
      await reachRedis(client, () => (names === undefined ? client.del(key) : client.hdel(key, ...names)));
    },
  };
}
