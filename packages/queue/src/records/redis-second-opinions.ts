import { BundleFactsSchema, digest12, isJobId, JobError, type JobId } from '@styleflow/contracts';
import { z } from 'zod';
import type { JudgedRun, SecondOpinions } from '../ports/second-opinions.js';
import type { SharedClock } from '../ports/shared-clock.js';
import type { RedisClient } from '../redis/connection.js';
import { reachRedis } from '../redis/reach-redis.js';
import { recordKeys } from '../redis/record-keys.js';
import { readScript, runScript } from '../redis/redis-script.js';
import { json } from './record-fields.js';

const leaveOutScript = readScript('records/leave-out');

/** Where nobody has looked for so long, as while all was stopped, nobody has seen that a bundle was absent: it counts from anew. */
const ABSENCE_KEPT_MS = 600_000;
/** About so many ids a page. */
const PAGE = 200;

const BundlesSchema = json(z.array(BundleFactsSchema.pick({ digest: true })));

export function redisSecondOpinions(client: RedisClient, clock: SharedClock): SecondOpinions {
  /** Those that are there, and not only waiting for room among their owner's. */
  async function readRuns(ids: readonly JobId[]): Promise<JudgedRun[]> {
    const pipeline = client.pipeline();
    for (const id of ids) pipeline.hmget(recordKeys.job(id), 'run', 'bundles', 'leftOut', 'startedAt', 'waiting');
    const replies = ids.length === 0 ? [] : ((await reachRedis(client, () => pipeline.exec())) ?? []);
    return ids.flatMap((job, index) => {
      const [error, reply] = replies[index] ?? [];
      if (error) throw new JobError('queue_unavailable', error.message, { cause: error });
      const [run, bundles, leftOut, startedAt, waiting] = z.array(z.string().nullable()).parse(reply);
      if (!run || !bundles || waiting === '1') return [];
      return {
        job,
        run: Number(run),
        bundles: BundlesSchema.parse(bundles).map(({ digest }) => digest12(digest)),
        leftOut: leftOut ? leftOut.split(' ') : [],
        startedAt: startedAt ? Number(startedAt) : null,
      };
    });
  }

  return {
    async *unfinished() {
      for (let cursor = '0'; ; ) {
        const [next, ids] = await reachRedis(client, () =>
          client.sscan(recordKeys.severalBundles, cursor, 'COUNT', PAGE),
        );
        yield await readRuns(ids.filter(isJobId));
        if (next === '0') return;
        cursor = next;
      }
    },

    async noteAbsent(served, absent) {
      const key = recordKeys.absentBundles;
      const now = String(Math.round(await clock.now()));
      return reachRedis(client, async () => {
        if (served.length > 0) await client.hdel(key, ...served);
        for (const bundle of absent) await client.hsetnx(key, bundle, now);
        await client.pexpire(key, ABSENCE_KEPT_MS);
        const since = absent.length === 0 ? [] : await client.hmget(key, ...absent);
        return new Map(absent.map((bundle, index) => [bundle, Number(since[index] ?? now)]));
      });
    },

    async leaveOut({ job, run }, bundle) {
      const call = () => runScript(client, leaveOutScript, [recordKeys.job(job)], [job, run, bundle]);
      return (await reachRedis(client, call)) === 1;
    },
  };
}
