import { ComparisonSchema, isJobId, JobError, type JobRun } from '@styleflow/contracts';
import { z } from 'zod';
import type { ShadowRun, ShadowRuns } from '../ports/shadow-runs.js';
import type { SharedClock } from '../ports/shared-clock.js';
import type { RedisClient } from '../redis/connection.js';
import { reachRedis } from '../redis/reach-redis.js';
import { recordKeys } from '../redis/record-keys.js';
import { type RedisScript, readScript, runScript } from '../redis/redis-script.js';
import { json } from './record-fields.js';

const scripts = {
  hold: readScript('records/shadow-hold'),
  keepClips: readScript('records/shadow-keep-clips'),
  take: readScript('records/shadow-take'),
  renew: readScript('records/shadow-renew'),
  scored: readScript('records/shadow-scored'),
  compared: readScript('records/shadow-compared'),
  letGo: readScript('records/shadow-let-go'),
};

const CountSchema = z.coerce.number().int().min(0).catch(0);
const MissedSchema = z.object({ skipped: CountSchema, expired: CountSchema, incomplete: CountSchema });
const ComparisonTextSchema = json(ComparisonSchema);

/** Runs that wait for shadows, by their deadlines, and what shadows have said, in one hash a shadow. */
export function redisShadowRuns(client: RedisClient, clock: SharedClock): ShadowRuns {
  const run = (script: RedisScript, of: JobRun, args: readonly (string | number)[]): Promise<unknown> =>
    reachRedis(client, () => runScript(client, script, [recordKeys.job(of.job)], args));
  const renew = async (of: ShadowRun, isBack: boolean): Promise<boolean> =>
    (await run(scripts.renew, of, [memberOf(of), of.bundle, isBack ? '1' : '0'])) === 1;

  return {
    hold: async (of, shadows, { forMs, keepCrops }) =>
      (await run(scripts.hold, of, [of.job, of.run, shadows.join(' '), forMs, keepCrops ? '1' : '0'])) === 1,

    keepClips: async (of, clips) => (await run(scripts.keepClips, of, [of.job, of.run, clips])) === 1,

    isHeld: async (of) =>
      (await reachRedis(client, () => client.zscore(recordKeys.heldForShadows, memberOf(of)))) !== null,

    async take(shadow) {
      const key = recordKeys.offeredToShadow(shadow);
      const member = await reachRedis(client, () => runScript(client, scripts.take, [key], [shadow]));
      return typeof member === 'string' ? parseMember(member) : null;
    },

    renew: (of) => renew(of, false),

    async handBack(of) {
      await renew(of, true);
    },

    noteScored: async (of) => (await run(scripts.scored, of, [memberOf(of), of.bundle])) === 1,

    async scored(limit) {
      const found = await reachRedis(client, () => client.zrange(recordKeys.scoredByShadows, '0', String(limit - 1)));
      return found.map((text) => {
        const dot = text.lastIndexOf('.');
        return { ...parseMember(text.slice(0, dot)), bundle: text.slice(dot + 1) };
      });
    },

    async noteCompared(of, comparison) {
      const text = comparison === null ? '' : JSON.stringify(comparison);
      return (await run(scripts.compared, of, [of.job, of.run, of.bundle, text])) === 1;
    },

    async overdue(limit) {
      const now = String(Math.round(await clock.now()));
      const key = recordKeys.heldForShadows;
      const found = await reachRedis(client, () =>
        client.zrange(key, '-inf', String(now), 'BYSCORE', 'LIMIT', 0, limit),
      );
      return found.map(parseMember);
    },

    letGo: async (of) => (await run(scripts.letGo, of, [memberOf(of)])) === 1,

    async state(shadow) {
      const [texts, waiting, missed] = await reachRedis(client, () =>
        Promise.all([
          client.hvals(recordKeys.comparedShadow(shadow)),
          client.zcard(recordKeys.offeredToShadow(shadow)),
          client.hgetall(recordKeys.missedByShadow(shadow)),
        ]),
      );
      // One of another version must not hide the others.
      const comparisons = texts.flatMap((text) => ComparisonTextSchema.safeParse(text).data ?? []);
      return { comparisons, waiting, missed: MissedSchema.parse(missed) };
    },
  };
}

const memberOf = ({ job, run }: JobRun): string => `${job}.${run}`;

function parseMember(text: string): JobRun {
  const [job = '', run] = text.split('.');
  if (!isJobId(job)) throw new JobError('internal', `${text} names no run of a job.`);
  return { job, run: Number(run) };
}
