import type { KnownStore, StoreRegister } from '../ports/store-register.js';
import type { RedisClient } from './connection.js';
import { reachRedis } from './reach-redis.js';
import { recordKeys } from './record-keys.js';

const MARKED = '1';

/** One hash: the id, and whether the store has its marker. */
export function redisStoreRegister(client: RedisClient): StoreRegister {
  const key = recordKeys.store;
  async function known(): Promise<KnownStore | null> {
    const { id, isMarked } = await reachRedis(client, () => client.hgetall(key));
    return id === undefined ? null : { id, isMarked: isMarked === MARKED };
  }

  return {
    known,
    async remember(id) {
      await reachRedis(client, () => client.hsetnx(key, 'id', id));
      return (await known()) ?? { id, isMarked: false };
    },
    async confirm(id) {
      if ((await known())?.id === id) await reachRedis(client, () => client.hset(key, 'isMarked', MARKED));
    },
    async replace(id) {
      await reachRedis(client, () => client.hset(key, { id, isMarked: MARKED }));
    },
  };
}
