import { type BundleFacts, BundleFactsSchema, WorkerFactsSchema } from '@styleflow/contracts';
import { z } from 'zod';
import type { Announcements } from '../ports/announcements.js';
import type { RedisClient } from '../redis/connection.js';
import { reachRedis } from '../redis/reach-redis.js';
import { recordKeys } from '../redis/record-keys.js';
import { readScript, runScript } from '../redis/redis-script.js';

const workersScript = readScript('records/workers');

const WORKER_TTL_MS = 60_000;

const RememberedSchema = z.object({ at: z.number(), bundle: BundleFactsSchema });

/** The announced processes, and the known bundles. */
export function redisAnnouncements(client: RedisClient): Announcements {
  const workers = async (...args: (string | number)[]): Promise<unknown> =>
    reachRedis(client, () => runScript(client, workersScript, [recordKeys.workers], args));

  async function remembered(bundle: BundleFacts): Promise<string> {
    const [seconds, micros] = await client.time();
    const at = Number(seconds) * 1e6 + Number(micros);
    return JSON.stringify({ at, bundle });
  }

  return {
    async announce(facts) {
      await workers(facts.id, JSON.stringify(facts), WORKER_TTL_MS);
    },

    async withdraw(workerId) {
      await reachRedis(client, () => client.hdel(recordKeys.workers, workerId));
    },

    async workers() {
      const alive = z.array(z.string()).parse(await workers(''));
      // A process of another version may announce facts that this version cannot read. They must not hide the others.
      return alive.flatMap((text) => WorkerFactsSchema.safeParse(JSON.parse(text)).data ?? []);
    },

    async bundles() {
      const texts = await reachRedis(client, () => client.hvals(recordKeys.bundles));
      // As above: one bundle of another version must not make submissions of all others fail.
      const remembered = texts.flatMap((text) => RememberedSchema.safeParse(JSON.parse(text)).data ?? []);
      return remembered.sort((a, b) => b.at - a.at).map(({ bundle }) => bundle);
    },

    async rememberBundle(bundle) {
      await reachRedis(client, async () => client.hset(recordKeys.bundles, bundle.id, await remembered(bundle)));
    },

    async recallBundle(bundle) {
      await reachRedis(client, async () => client.hsetnx(recordKeys.bundles, bundle.id, await remembered(bundle)));
    },
  };
}
