import { JobError, type JobId, type JobRun } from '@styleflow/contracts';
import type { ArchivedRecords } from './archived-records.js';
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

const gone = (id: JobId): JobError => new JobError('gone', `Job ${id} has been deleted.`);

const countText = (count: number | null | undefined): string => (typeof count === 'number' ? String(count) : '');

/** A job's record from creation to burial; each change is one script. */
export function jobLifecycle(
  client: RedisClient,
  { read, restoration }: ArchivedRecords,
  limits: { readonly maxUnfinished: number },
): Lifecycle {
  const change = (name: keyof typeof recordScripts, id: JobId, ...args: (string | number)[]): Promise<unknown> =>
    reachRedis(client, () => runScript(client, recordScripts[name], [recordKeys.job(id)], [id, ...args]));

  /** Of what may lie in the archive. Archived between the look and the change, which happens once, it is looked for again. */
  async function changeAnywhere(name: 'startRetry' | 'bury', id: JobId): Promise<unknown> {
    for (;;) {
      const reply = await change(name, id, ...(await restoration(id)));
      if (reply !== 'moved') return reply;
    }
  }

  return {
    async create(job: NewJob): Promise<JobRecord> {
      const claim = job.idempotencyKey === undefined ? '' : recordKeys.idempotency(job.owner, job.idempotencyKey);
      const reply = await change('create', job.id, limits.maxUnfinished, claim, ...newRecordFields(job));
      if (reply === 'full') {
        throw new JobError('queue_full', `${limits.maxUnfinished} jobs are unfinished already; try again later.`);
      }
      if (reply === 'archived') return (await read(job.id)) ?? Promise.reject(gone(job.id));
      const record = reply === 'gone' ? null : parseRecord(job.id, reply);
      if (record === null) throw gone(job.id);
      return record;
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

    // What is archived has ended: it is as it was.
    requestCancel: async (id) => parseRecord(id, await change('requestCancel', id)) ?? read(id),

    startRetry: async (id) => parseRecord(id, await changeAnywhere('startRetry', id)),

    isWanted: async ({ job, run }) => (await change('isWanted', job, run)) === 1,

    async bury(id) {
      await changeAnywhere('bury', id);
    },
  };
}
