import { isEnded, JOB_STATUSES, JobError, type JobId } from '@styleflow/contracts';
import { mapBounded } from '@styleflow/runtime';
import { dropArchivedScript, lookUpScript } from './archive-scripts.js';
import type { RedisClient } from './connection.js';
import type { JobRecords } from './job-records.js';
import { reachRedis } from './reach-redis.js';
import { parseArchived, printArchived, type RecordArchive, type RecordHash } from './record-archive.js';
import { hashFromFlat, parseJobIds, parseRecord } from './record-fields.js';
import { recordKeys } from './record-keys.js';
import { runScript } from './redis-script.js';

/** Reads of one list at once: a page of 200 takes a store of 20 ms a quarter of a second. */
const READS_AT_ONCE = 16;

/** Where a record was found. `fields` are null when the archive has lost it, `unreadable` says why they cannot be read. */
interface Found {
  readonly in: 'redis' | 'archive';
  readonly run: number;
  readonly fields: RecordHash | null;
  readonly unreadable?: unknown;
}

type Reading = Pick<JobRecords, 'read' | 'readMany' | 'unarchivedBefore' | 'archive'>;

/** Records wherever they lie, and their move from Redis into the archive. */
export interface ArchivedRecords extends Reading {
  /** What puts an archived record back, for the script `restore`: run and fields, no fields when they are lost; '' when it is not archived. */
  restoration(id: JobId): Promise<(string | number)[]>;
}

export function archivedRecords(client: RedisClient, archive: RecordArchive): ArchivedRecords {
  async function lookUp(ids: readonly JobId[]): Promise<(Found | null)[]> {
    const keys = ids.map((id) => recordKeys.job(id));
    const replies = await reachRedis(client, () => runScript(client, lookUpScript, keys, ids));
    if (!Array.isArray(replies)) throw new JobError('internal', 'Redis answered no list of records.');
    const questions = ids.map((id, index) => ({ id, reply: replies[index] as unknown }));
    return mapBounded(questions, READS_AT_ONCE, async ({ id, reply }): Promise<Found | null> => {
      if (Array.isArray(reply)) {
        const fields = hashFromFlat(reply);
        return { in: 'redis', run: Number(fields.run), fields };
      }
      if (typeof reply !== 'string' || reply === '') return null;
      const run = Number(reply);
      const text = await archive.read({ job: id, run });
      try {
        return { in: 'archive', run, fields: text === null ? null : parseArchived(id, text) };
      } catch (unreadable) {
        return { in: 'archive', run, fields: null, unreadable };
      }
    });
  }

  return {
    async read(id) {
      const [found] = await lookUp([id]);
      if (found?.unreadable) throw found.unreadable;
      return found?.fields ? parseRecord(id, found.fields) : null;
    },

    async readMany(ids) {
      if (ids.length === 0) return [];
      const all = await lookUp(ids);
      return ids.flatMap((id, index) => {
        const fields = all[index]?.fields;
        return fields ? (parseRecord(id, fields) ?? []) : [];
      });
    },

    async restoration(id) {
      const [found] = await lookUp([id]);
      if (found?.in !== 'archive') return [''];
      return [found.run, ...Object.entries(found.fields ?? {}).flat()];
    },

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
      // Whole in the archive before Redis forgets it; a crash in between repeats the same.
      if (here?.fields) await archive.write({ job: id, run: here.run }, printArchived(here.fields));
      const dropped = await reachRedis(client, () =>
        runScript(client, dropArchivedScript, [recordKeys.job(id)], [id, here?.run ?? '']),
      );
      return dropped === 1;
    },
  };
}
