import { isJobId, JobError, type JobId, type JobRun, UNFINISHED_STATUSES } from '@styleflow/contracts';
import type { JobLists } from '../ports/job-lists.js';
import type { RedisClient } from '../redis/connection.js';
import { reachRedis } from '../redis/reach-redis.js';
import { recordKeys } from '../redis/record-keys.js';
import { readScript, runScript } from '../redis/redis-script.js';
import { parseJobIds } from './record-fields.js';
import type { RecordLookup } from './record-lookup.js';

const pageScript = readScript('records/list-page');

const SWEEP_PAGE = 200;

/** Finds jobs by indexed sets, in bounded pages and without scanning keys. */
export function redisJobLists(client: RedisClient, { readMany }: RecordLookup): JobLists {
  const page = async (keys: string[], order: 'newest' | 'oldest', after: string, limit: number): Promise<JobId[]> =>
    parseJobIds(await reachRedis(client, () => runScript(client, pageScript, keys, [order, after, limit])));

  /** The runs of those ids that have a record, and entries or a right to them. */
  async function runsOf(ids: readonly JobId[]): Promise<JobRun[]> {
    const pipeline = client.pipeline();
    for (const id of ids) pipeline.hmget(recordKeys.job(id), 'run', 'waiting');
    const replies = ids.length === 0 ? [] : ((await reachRedis(client, () => pipeline.exec())) ?? []);
    return ids.flatMap((job, index) => {
      const [error, fields] = replies[index] ?? [];
      if (error) throw new JobError('queue_unavailable', error.message, { cause: error });
      const [run, waiting] = Array.isArray(fields) ? (fields as unknown[]) : [];
      return typeof run === 'string' && waiting !== '1' ? [{ job, run: Number(run) }] : [];
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
        // A batch belongs to one owner. For another owner it is empty.
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
  };
}
