import { isJobId, JobError, type JobId, type JobRun } from '@styleflow/contracts';
import type { RedisClient } from './connection.js';
import type { JobEvent, JobRecords } from './job-records.js';
import { reachRedis } from './reach-redis.js';
import { parseJobIds } from './record-fields.js';
import { recordKeys, UNFINISHED_STATUSES } from './record-keys.js';
import { pageScript, raiseScript } from './record-scripts.js';
import { runScript } from './redis-script.js';

type Lists = Pick<
  JobRecords,
  | 'list'
  | 'countUnfinished'
  | 'unfinished'
  | 'endedBefore'
  | 'mediaMark'
  | 'raiseMediaMark'
  | 'pendingCleanups'
  | 'confirmCleanup'
  | 'isBuried'
  | 'buriedIds'
  | 'eventsAfter'
>;

const SWEEP_PAGE = 200;
const EVENT_ID = /^\d{1,15}-\d{1,15}$/;

/** What is found through indexed sets: no key scans, bounded pages. */
export function jobLists(client: RedisClient, readMany: JobRecords['readMany']): Lists {
  const page = async (keys: string[], order: 'newest' | 'oldest', after: string, limit: number): Promise<JobId[]> =>
    parseJobIds(await reachRedis(client, () => runScript(client, pageScript, keys, [order, after, limit])));

  /** Those of which there is a record. */
  async function runsOf(ids: readonly JobId[]): Promise<JobRun[]> {
    const pipeline = client.pipeline();
    for (const id of ids) pipeline.hget(recordKeys.job(id), 'run');
    const replies = ids.length === 0 ? [] : ((await reachRedis(client, () => pipeline.exec())) ?? []);
    return ids.flatMap((job, index) => {
      const [error, run] = replies[index] ?? [];
      if (error) throw new JobError('queue_unavailable', error.message, { cause: error });
      return typeof run === 'string' ? [{ job, run: Number(run) }] : [];
    });
  }

  async function* unfinished(): AsyncGenerator<readonly JobRun[]> {
    const keys = recordKeys.indexes({}, UNFINISHED_STATUSES);
    for (let after = ''; ; ) {
      const ids = await page(keys, 'oldest', after, SWEEP_PAGE);
      yield await runsOf(ids);
      const last = ids.at(-1);
      if (last === undefined || ids.length < SWEEP_PAGE) return;
      after = last;
    }
  }

  return {
    async list({ owner, batch, status, limit, cursor = '' }) {
      if (cursor !== '' && !isJobId(cursor)) throw new JobError('invalid_request', 'cursor: not one of this list.');
      const keys = recordKeys.indexes({ owner, batch }, status === undefined ? undefined : [status]);
      const ids = await page(keys, 'newest', cursor, limit);
      const records = await readMany(ids);
      return {
        // A batch belongs to one owner; asked for by another, it is empty.
        jobs: owner === undefined ? records : records.filter((record) => record.owner === owner),
        nextCursor: ids.length < limit ? null : (ids.at(-1) ?? null),
      };
    },

    async countUnfinished(owner) {
      const keys = recordKeys.indexes({ owner }, UNFINISHED_STATUSES);
      const counts = await reachRedis(client, () => Promise.all(keys.map((key) => client.zcard(key))));
      return counts.reduce((sum, count) => sum + count, 0);
    },

    unfinished,

    endedBefore: async (before, limit, from = 0) =>
      parseJobIds(
        await reachRedis(client, () =>
          client.zrange(recordKeys.ended, String(from), `(${before}`, 'BYSCORE', 'LIMIT', 0, limit),
        ),
      ),

    mediaMark: async () => Number((await reachRedis(client, () => client.get(recordKeys.mediaMark))) ?? 0),

    async raiseMediaMark(mark) {
      await reachRedis(client, () => runScript(client, raiseScript, [recordKeys.mediaMark], [mark]));
    },

    pendingCleanups: async (limit) =>
      (await reachRedis(client, () => client.zrange(recordKeys.cleanups, '0', String(limit - 1)))).map(parseRun),

    async confirmCleanup({ job, run }) {
      await reachRedis(client, () => client.zrem(recordKeys.cleanups, `${job}.${run}`));
    },

    async isBuried(id) {
      const until = await reachRedis(client, () => client.zscore(recordKeys.tombstones, id));
      return until !== null && Number(until) > Date.now();
    },

    buriedIds: async () =>
      parseJobIds(
        await reachRedis(client, () => client.zrange(recordKeys.tombstones, `(${Date.now()}`, '+inf', 'BYSCORE')),
      ),

    async eventsAfter(id, afterEventId) {
      const from = EVENT_ID.test(afterEventId) ? `(${afterEventId}` : '-';
      const entries = await reachRedis(client, () => client.xrange(recordKeys.events(id), from, '+'));
      return entries.flatMap(([eventId, fields]) => parseEvent(eventId, fields) ?? []);
    },
  };
}

function parseRun(text: string): JobRun {
  const dot = text.lastIndexOf('.');
  const job = text.slice(0, dot);
  if (!isJobId(job)) throw new JobError('internal', `${text} names no run of a job.`);
  return { job, run: Number(text.slice(dot + 1)) };
}

const EVENT_TYPES: readonly string[] = ['status', 'progress', 'result'] satisfies JobEvent['type'][];

function isEventType(text: string | undefined): text is JobEvent['type'] {
  return text !== undefined && EVENT_TYPES.includes(text);
}

/** `fields`: type, T, data, JSON. */
function parseEvent(id: string, [, type, , data]: readonly string[]): JobEvent | null {
  if (!isEventType(type) || data === undefined) return null;
  return { id, type, data: JSON.parse(data) as JobEvent['data'] };
}
