import { JOB_STATUSES, type JobId, SourceSchema } from '@styleflow/contracts';
import { z } from 'zod';
import type { CensusLine, JobCensus } from '../ports/job-census.js';
import type { RedisClient } from '../redis/connection.js';
import { reachRedis } from '../redis/reach-redis.js';
import { recordKeys } from '../redis/record-keys.js';
import { readScript, runScript } from '../redis/redis-script.js';
import { parseJobIds } from './record-fields.js';

const pageScript = readScript('records/list-page');
const censusScript = readScript('records/census');

const PAGE = 200;

const LinesSchema = z.array(z.tuple([z.string(), z.string(), z.string(), z.string(), z.string()]));

/** Over the indexes of all statuses. */
export function redisJobCensus(client: RedisClient): JobCensus {
  const pageAfter = async (after: string): Promise<JobId[]> =>
    parseJobIds(
      await reachRedis(client, () => runScript(client, pageScript, recordKeys.indexes({}), ['oldest', after, PAGE])),
    );

  async function linesOf(ids: readonly JobId[]): Promise<CensusLine[]> {
    if (ids.length === 0) return [];
    const keys = ids.map((id) => recordKeys.job(id));
    const lines = LinesSchema.parse(await reachRedis(client, () => runScript(client, censusScript, keys, ids)));
    return ids.map((job, index) => {
      const [run = '', status = '', createdMs = '', source = '', archived = ''] = lines[index] ?? [];
      return {
        job,
        run: Number(run),
        status: JOB_STATUSES.find((known) => known === status) ?? null,
        createdAt: createdMs === '' ? null : new Date(Number(createdMs)).toISOString(),
        isUpload: source !== '' && SourceSchema.safeParse(JSON.parse(source)).data?.type === 'upload',
        isArchived: archived !== '',
      };
    });
  }

  return {
    async *jobs() {
      for (let after = ''; ; ) {
        const ids = await pageAfter(after);
        yield await linesOf(ids);
        const last = ids.at(-1);
        if (last === undefined || ids.length < PAGE) return;
        after = last;
      }
    },
  };
}
