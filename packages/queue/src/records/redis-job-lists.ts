import { isJobId, JobError, type JobId, type JobRun, type JobStatus, UNFINISHED_STATUSES } from '@styleflow/contracts';
import { z } from 'zod';
import type { JobLists, Narrowing } from '../ports/job-lists.js';
import type { JobRecord } from '../ports/job-record.js';
import type { RedisClient } from '../redis/connection.js';
import { reachRedis } from '../redis/reach-redis.js';
import { recordKeys } from '../redis/record-keys.js';
import { readScript, runScript } from '../redis/redis-script.js';
import { fitsNarrowing, isNarrow, statusesOf, traitArguments } from './narrow-jobs.js';
import { parseJobIds } from './record-fields.js';
import type { RecordLookup } from './record-lookup.js';

const pageScript = readScript('records/list-page');
const narrowedScript = readScript('records/list-narrowed');

/** Jobs of which the traits are looked at for one page: some ten milliseconds of Redis. */
const MOST_LOOKED_AT = 5_000;

const SWEEP_PAGE = 200;

interface Scope {
  readonly owner: string | undefined;
  readonly batch: string | undefined;
  readonly status: JobStatus | undefined;
}

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

  async function listNarrowed(
    { owner, batch, status, limit, cursor }: Scope & { limit: number; cursor: string },
    narrowing: Narrowing,
  ): Promise<{ jobs: JobRecord[]; nextCursor: string | null }> {
    const keys = recordKeys.indexes({ owner, batch }, statusesOf(status, narrowing));
    const args = [cursor, limit, MOST_LOOKED_AT, ...traitArguments(narrowing)];
    const reply = await reachRedis(client, () => runScript(client, narrowedScript, keys, args));
    const [after, ...ids] = z.array(z.string()).parse(reply);
    const records = await readMany(parseJobIds(ids));
    const fitting = records.filter(
      (job) => (owner === undefined || job.owner === owner) && fitsNarrowing(job, narrowing),
    );
    return { jobs: fitting, nextCursor: after || null };
  }

  return {
    async list({ owner, batch, status, limit, cursor = '', narrowing = {} }) {
      if (cursor !== '' && !isJobId(cursor)) throw new JobError('invalid_request', 'cursor: not one of this list.');
      if (isNarrow(narrowing)) return listNarrowed({ owner, batch, status, limit, cursor }, narrowing);
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
