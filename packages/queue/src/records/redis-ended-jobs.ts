import { isEnded, isJobId, JOB_STATUSES, JobError, type JobId, type JobRun } from '@styleflow/contracts';
import type { EndedJobs } from '../ports/ended-jobs.js';
import type { RecordArchive } from '../ports/record-archive.js';
import type { RedisClient } from '../redis/connection.js';
import { reachRedis } from '../redis/reach-redis.js';
import { recordKeys } from '../redis/record-keys.js';
import { readScript, runScript } from '../redis/redis-script.js';
import { printArchived } from './archived-record.js';
import { parseJobIds } from './record-fields.js';
import type { RecordLookup } from './record-lookup.js';

const dropUsageScript = readScript('records/drop-usage');
const raiseScript = readScript('records/raise-mark');
const markScript = readScript('records/mark');
const buriedScript = readScript('records/buried');
const dropArchivedScript = readScript('records/drop-archived');

/** What must be done after the ends of jobs, in sorted sets by time. */
export function redisEndedJobs(client: RedisClient, archive: RecordArchive, { lookUp }: RecordLookup): EndedJobs {
  const dropUsage = async (id: JobId, owner: string, what: 'source' | ''): Promise<void> => {
    const args = [id, recordKeys.safe(owner), what];
    await reachRedis(client, () => runScript(client, dropUsageScript, [recordKeys.job(id)], args));
  };

  return {
    endedBefore: async (before, limit, from = 0) =>
      parseJobIds(
        await reachRedis(client, () =>
          client.zrange(recordKeys.ended, String(from), `(${before}`, 'BYSCORE', 'LIMIT', 0, limit),
        ),
      ),

    unarchivedBefore: async (before, limit) =>
      parseJobIds(
        await reachRedis(client, () =>
          client.zrange(recordKeys.unarchived, '-inf', `(${before}`, 'BYSCORE', 'LIMIT', 0, limit),
        ),
      ),

    async archive(id) {
      const [found] = await lookUp([id]);
      const here = found?.in === 'redis' ? found : null;
      const status = JOB_STATUSES.find((known) => known === here?.fields?.status);
      if (here !== null && (status === undefined || !isEnded(status))) return false;
      // The record is complete in the archive before Redis drops it. After a crash in between both are repeated.
      if (here?.fields) await archive.write({ job: id, run: here.run }, printArchived(here.fields));
      const dropped = await reachRedis(client, () =>
        runScript(client, dropArchivedScript, [recordKeys.job(id)], [id, here?.run ?? '']),
      );
      return dropped === 1;
    },

    mediaMark: async () =>
      Number(await reachRedis(client, () => runScript(client, markScript, [recordKeys.mediaMark], []))),

    forgetStored: (id, owner) => dropUsage(id, owner, ''),
    forgetSource: (id, owner) => dropUsage(id, owner, 'source'),

    async raiseMediaMark(mark) {
      await reachRedis(client, () => runScript(client, raiseScript, [recordKeys.mediaMark], [mark]));
    },

    pendingCleanups: async (limit) =>
      (await reachRedis(client, () => client.zrange(recordKeys.cleanups, '0', String(limit - 1)))).map(parseRun),

    async confirmCleanup({ job, run }) {
      await reachRedis(client, () => client.zrem(recordKeys.cleanups, `${job}.${run}`));
    },

    buriedIds: async () =>
      parseJobIds(await reachRedis(client, () => runScript(client, buriedScript, [recordKeys.tombstones], []))),
  };
}

function parseRun(text: string): JobRun {
  const dot = text.lastIndexOf('.');
  const job = text.slice(0, dot);
  if (!isJobId(job)) throw new JobError('internal', `${text} names no run of a job.`);
  return { job, run: Number(text.slice(dot + 1)) };
}
