import { WorkerFactsSchema } from '@styleflow/contracts';
import { z } from 'zod';
import type { RedisClient } from './connection.js';
import type { JobRecords } from './job-records.js';
import { reachRedis } from './reach-redis.js';
import { BundleFactsSchema } from './record-fields.js';
import { recordKeys } from './record-keys.js';
import { workersScript } from './record-scripts.js';
import { type RedisScript, runScript } from './redis-script.js';

type Announcements = Pick<
  JobRecords,
  'announce' | 'withdraw' | 'workers' | 'bundles' | 'rememberBundle' | 'check' | 'memory'
>;

const WORKER_TTL_MS = 60_000;

const RememberedSchema = z.object({ at: z.number(), bundle: BundleFactsSchema });

/** As a script with a key, so that of a cluster's nodes the one with the jobs answers. KEYS[1]: any of ours. */
const memoryScript: RedisScript = { name: 'memory', lua: "return redis.call('INFO', 'memory')" };

/** Who lives, which bundles are known, and how Redis is. */
export function announcements(client: RedisClient): Announcements {
  const workers = async (...args: (string | number)[]): Promise<unknown> =>
    reachRedis(client, () => runScript(client, workersScript, [recordKeys.workers], args));

  return {
    async announce(facts) {
      await workers(facts.id, JSON.stringify(facts), WORKER_TTL_MS);
    },

    async withdraw(workerId) {
      await reachRedis(client, () => client.hdel(recordKeys.workers, workerId));
    },

    async workers() {
      const alive = z.array(z.string()).parse(await workers(''));
      // A process of another version may say what this one does not know: that must not hide the others.
      return alive.flatMap((text) => WorkerFactsSchema.safeParse(JSON.parse(text)).data ?? []);
    },

    async bundles() {
      const texts = await reachRedis(client, () => client.hvals(recordKeys.bundles));
      const remembered = texts.map((text) => RememberedSchema.parse(JSON.parse(text)));
      return remembered.sort((a, b) => b.at - a.at).map(({ bundle }) => bundle);
    },

    async rememberBundle(bundle) {
      await reachRedis(client, async () => {
        const [seconds, micros] = await client.time();
        const at = Number(seconds) * 1e6 + Number(micros);
        await client.hset(recordKeys.bundles, bundle.id, JSON.stringify({ at, bundle }));
      });
    },

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
