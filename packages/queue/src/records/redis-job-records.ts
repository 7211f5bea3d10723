import { JobError, type JobId, type JobRun } from '@styleflow/contracts';
import { printRow } from '../ports/batch-rows.js';
import type { Ending, JobRecord, NewJob } from '../ports/job-record.js';
import type { JobRecords } from '../ports/job-records.js';
import type { RecordArchive } from '../ports/record-archive.js';
import type { RedisClient } from '../redis/connection.js';
import { reachRedis } from '../redis/reach-redis.js';
import { recordKeys } from '../redis/record-keys.js';
import { readScript, runScript } from '../redis/redis-script.js';
import { printArchived } from './archived-record.js';
import { readEvents } from './job-events.js';
import { hashFromFlat, newRecordFields, parseRecord } from './record-fields.js';
import type { RecordLookup } from './record-lookup.js';
import { keepAccepted } from './redis-lost-jobs.js';
import { withPatience } from './with-patience.js';

/** Every change of a record is one script. */
const scripts = {
  create: readScript('records/create'),
  beginPrepare: readScript('records/begin-prepare'),
  beginScoring: readScript('records/begin-scoring'),
  noteKept: readScript('records/note-kept'),
  reportProgress: readScript('records/report-progress'),
  countClip: readScript('records/count-clip'),
  end: readScript('records/end'),
  requestCancel: readScript('records/request-cancel'),
  startRetry: readScript('records/start-retry'),
  isWanted: readScript('records/is-wanted'),
  bury: readScript('records/bury'),
  isBuried: readScript('records/is-buried'),
  preclude: readScript('records/preclude'),
};

function rowOf(run: number, ending: Ending): Parameters<typeof printRow>[0] {
  const { status } = ending;
  if (ending.status === 'canceled') return { status, run };
  if (ending.status === 'failed') return { status, code: ending.error.code, run };
  const { verdict, faces = null, clips = null } = ending;
  const { label, score, threshold, reason = null } = verdict;
  return { status, label, score, threshold, reason, faces, clips, run };
}

const gone = (id: JobId): JobError => new JobError('gone', `Job ${id} has been deleted.`);

/** Beyond the quota of one key; what is stored goes with its jobs or their media. */
export function storedTooMuch(limit: number | undefined): JobError {
  return new JobError(
    'rate_limited',
    `What is stored for this key may have ${limit} bytes together; delete jobs, or wait.`,
  );
}

const countText = (count: number | null | undefined): string => (typeof count === 'number' ? String(count) : '');

/** The records in Redis, over one fail-fast connection, and those that moved to the archive. */
export function redisJobRecords(
  client: RedisClient,
  archive: RecordArchive,
  { read, readMany, standing, restoration }: RecordLookup,
  limits: { readonly maxUnfinished: number },
): JobRecords {
  const change = (name: keyof typeof scripts, id: JobId, ...args: (string | number)[]): Promise<unknown> =>
    reachRedis(client, () => runScript(client, scripts[name], [recordKeys.job(id)], [id, ...args]));

  /**
   * Changes a record that may lie in the archive. If it is archived between the look and the change, it is looked up
   * again; that happens only once.
   */
  async function changeAnywhere(name: 'startRetry' | 'bury', id: JobId): Promise<unknown> {
    for (;;) {
      const reply = await change(name, id, ...(await restoration(id)));
      if (reply !== 'moved') return reply;
    }
  }

  /** The acceptance does not hang on the archive: what could not be kept now stays on the list for the sweep. */
  async function keep(id: JobId, reply: unknown): Promise<void> {
    const fields = Array.isArray(reply) ? hashFromFlat(reply) : {};
    if (fields.status !== 'queued') return;
    await withPatience(() => keepAccepted(client, archive, id, fields));
  }

  /** A Redis that forgets must not begin anew what has ended. The sweep writes the same when it moves the record. */
  async function keepEnded(run: JobRun): Promise<void> {
    await withPatience(async () => {
      const fields = await reachRedis(client, () => client.hgetall(recordKeys.job(run.job)));
      if (Number(fields.run) === run.run && fields.finishedAt !== undefined) {
        await archive.write(run, printArchived(fields));
      }
    });
  }

  return {
    read,
    readMany,
    standing,

    async create(job: NewJob): Promise<JobRecord> {
      const claim = job.idempotencyKey === undefined ? '' : recordKeys.idempotency(job.owner, job.idempotencyKey);
      const { stored, quota } = job;
      const ofOwner = [
        recordKeys.safe(job.owner),
        countText(quota?.unfinishedJobs),
        countText(quota?.storedBytes),
        stored?.bytes ?? 0,
        stored?.uploadId ?? '',
      ];
      const most = job.item === undefined ? limits.maxUnfinished : '';
      const reply = await change('create', job.id, most, claim, ...ofOwner, ...newRecordFields(job));
      if (reply === 'batch') throw new JobError('conflict', `Batch ${job.batch} takes no more items.`);
      if (reply === 'jobs') {
        throw new JobError(
          'rate_limited',
          `This key has ${quota?.unfinishedJobs} unfinished jobs already; try again later.`,
        );
      }
      if (reply === 'bytes') throw storedTooMuch(quota?.storedBytes);
      if (reply === 'full') {
        throw new JobError('queue_full', `${limits.maxUnfinished} jobs are unfinished already; try again later.`);
      }
      if (reply === 'archived') return (await read(job.id)) ?? Promise.reject(gone(job.id));
      const record = reply === 'gone' ? null : parseRecord(job.id, reply);
      if (record === null) throw gone(job.id);
      await keep(job.id, reply);
      return record;
    },

    beginPrepare: async ({ job, run }) => parseRecord(job, await change('beginPrepare', job, run)),

    beginScoring: async ({ job, run }) => (await change('beginScoring', job, run)) === 1,

    async reportProgress({ job, run }, { framesDecoded, framesTotal, clipsPlanned }) {
      const counts = [framesDecoded, framesTotal, clipsPlanned].map(countText);
      return (await change('reportProgress', job, run, ...counts)) === 1;
    },

    async noteKept({ job, run }, bytes) {
      await change('noteKept', job, run, bytes);
    },

    countClip: async ({ job, run }, track, clip) => Number(await change('countClip', job, run, `${track}.${clip}`)),

    async end({ job, run }: JobRun, ending: Ending) {
      const error = ending.status === 'failed' ? JSON.stringify(ending.error) : '';
      const verdict = ending.status === 'succeeded' ? JSON.stringify(ending.verdict) : '';
      const code = ending.status === 'failed' ? ending.error.code : '';
      const sha256 = ending.status === 'succeeded' ? (ending.resultSha256 ?? '') : '';
      const row = printRow(rowOf(run, ending));
      const reply = await change('end', job, run, ending.status, error, verdict, code, row, sha256);
      if (reply === 'illegal') throw new JobError('internal', `Job ${job} was never begun and cannot have succeeded.`);
      if (reply !== 1) return false;
      await keepEnded({ job, run });
      return true;
    },

    // An archived job has ended, so it stays as it is.
    requestCancel: async (id) => parseRecord(id, await change('requestCancel', id)) ?? read(id),

    async startRetry(id) {
      const reply = await changeAnywhere('startRetry', id);
      const record = parseRecord(id, reply);
      if (record !== null) await keep(id, reply);
      return record;
    },

    isWanted: async ({ job, run }) => (await change('isWanted', job, run)) === 1,

    async bury(id) {
      await changeAnywhere('bury', id);
    },

    isBuried: async (id) => (await change('isBuried', id)) === 1,

    preclude: async (id) => (await change('preclude', id)) === 1,

    eventsAfter: (id, afterEventId) => readEvents(client, id, afterEventId),
  };
}
