import { JobError, type JobId, type JobRun } from '@styleflow/contracts';
import type { RedisClient } from './connection.js';
import type { Ending, JobRecord, JobRecords, NewJob } from './job-records.js';
import { reachRedis } from './reach-redis.js';
import { newRecordFields, parseRecord } from './record-fields.js';
import { recordKeys } from './record-keys.js';
import { recordScripts } from './record-scripts.js';
import { runScript } from './redis-script.js';

type Lifecycle = Pick<
  JobRecords,
  | 'create'
  | 'read'
  | 'readMany'
  | 'beginPrepare'
  | 'beginScoring'
  | 'reportProgress'
  | 'countClip'
  | 'end'
  | 'requestCancel'
  | 'startRetry'
  | 'isWanted'
  | 'bury'
>;

const countText = (count: number | null | undefined): string => (typeof count === 'number' ? String(count) : '');

/** A job's record from creation to burial; each change is one script. */
export function jobLifecycle(client: RedisClient, limits: { readonly maxUnfinished: number }): Lifecycle {
  const change = (name: keyof typeof recordScripts, id: JobId, ...args: (string | number)[]): Promise<unknown> =>
    reachRedis(client, () => runScript(client, recordScripts[name], [recordKeys.job(id)], [id, ...args]));

  return {
    async create(job: NewJob): Promise<JobRecord> {
      const claim = job.idempotencyKey === undefined ? '' : recordKeys.idempotency(job.owner, job.idempotencyKey);
      const reply = await change('create', job.id, limits.maxUnfinished, claim, ...newRecordFields(job));
      if (reply === 'full') {
        throw new JobError('queue_full', `${limits.maxUnfinished} jobs are unfinished already; try again later.`);
      }
      const record = reply === 'gone' ? null : parseRecord(job.id, reply);
      if (record === null) throw new JobError('gone', `Job ${job.id} has been deleted.`);
      return record;
    },

    read: async (id) => parseRecord(id, await reachRedis(client, () => client.hgetall(recordKeys.job(id)))),

    async readMany(ids) {
      if (ids.length === 0) return [];
      const pipeline = client.pipeline();
      for (const id of ids) pipeline.hgetall(recordKeys.job(id));
      const replies = (await reachRedis(client, () => pipeline.exec())) ?? [];
      return ids.flatMap((id, index) => {
        const [error, reply] = replies[index] ?? [];
        if (error) throw new JobError('queue_unavailable', error.message, { cause: error });
        return parseRecord(id, reply) ?? [];
      });
    },

    beginPrepare: async ({ job, run }) => parseRecord(job, await change('beginPrepare', job, run)),

    beginScoring: async ({ job, run }) => (await change('beginScoring', job, run)) === 1,

    async reportProgress({ job, run }, { framesDecoded, framesTotal, clipsPlanned }) {
      const counts = [framesDecoded, framesTotal, clipsPlanned].map(countText);
      return (await change('reportProgress', job, run, ...counts)) === 1;
    },

    countClip: async ({ job, run }, track, clip) => Number(await change('countClip', job, run, `${track}.${clip}`)),

    async end({ job, run }: JobRun, ending: Ending) {
      const error = ending.status === 'failed' ? JSON.stringify(ending.error) : '';
      const verdict = ending.status === 'succeeded' ? JSON.stringify(ending.verdict) : '';
      const reply = await change('end', job, run, ending.status, error, verdict);
      if (reply === 'illegal') throw new JobError('internal', `Job ${job} was never begun and cannot have succeeded.`);
      return reply === 1;
    },

    requestCancel: async (id) => parseRecord(id, await change('requestCancel', id)),

    startRetry: async (id) => parseRecord(id, await change('startRetry', id)),

    isWanted: async ({ job, run }) => (await change('isWanted', job, run)) === 1,

    async bury(id) {
      await change('bury', id);
    },
  };
}
