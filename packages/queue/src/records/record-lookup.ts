import { JOB_STATUSES, JobError, type JobId } from '@styleflow/contracts';
import { mapBounded, metrics } from '@styleflow/runtime';
import type { JobStanding } from '../ports/job-record.js';
import type { JobRecords } from '../ports/job-records.js';
import type { RecordArchive } from '../ports/record-archive.js';
import type { RedisClient } from '../redis/connection.js';
import { reachRedis } from '../redis/reach-redis.js';
import { recordKeys } from '../redis/record-keys.js';
import { readScript, runScript } from '../redis/redis-script.js';
import { parseArchived, type RecordHash } from './archived-record.js';
import { hashFromFlat, parseRecord } from './record-fields.js';

const lookUpScript = readScript('records/look-up');
const standingScript = readScript('records/standing');

/**
 * Most reads of the archive at once for one list. With 20 ms for each read a page of 200 then takes a quarter of a
 * second.
 */
const READS_AT_ONCE = 16;

/**
 * A record that was looked up. `fields` are null when the archive has lost it; `unreadable` says why it cannot be read.
 */
export interface FoundRecord {
  readonly in: 'redis' | 'archive';
  readonly run: number;
  readonly fields: RecordHash | null;
  readonly unreadable?: unknown;
}

/** Finds records in Redis and in the archive. */
export interface RecordLookup {
  /**
   * Records in the order of the ids; null for an unknown job.
   * @throws the archive's error when it is away
   */
  lookUp(ids: readonly JobId[]): Promise<(FoundRecord | null)[]>;
  readonly read: JobRecords['read'];
  readonly readMany: JobRecords['readMany'];
  readonly standing: JobRecords['standing'];
  /**
   * What the script `restore` needs to put an archived record back: run and fields. The fields are left out when they
   * are lost; the run is '' when the record is not archived.
   */
  restoration(id: JobId): Promise<(string | number)[]>;
}

export function recordLookup(client: RedisClient, archive: RecordArchive): RecordLookup {
  async function lookUp(ids: readonly JobId[]): Promise<(FoundRecord | null)[]> {
    const keys = ids.map((id) => recordKeys.job(id));
    const replies = await reachRedis(client, () => runScript(client, lookUpScript, keys, ids));
    if (!Array.isArray(replies)) throw new JobError('internal', 'Redis answered no list of records.');
    const questions = ids.map((id, index) => ({ id, reply: replies[index] as unknown }));
    return mapBounded(questions, READS_AT_ONCE, async ({ id, reply }): Promise<FoundRecord | null> => {
      if (Array.isArray(reply)) {
        const fields = hashFromFlat(reply);
        return { in: 'redis', run: Number(fields.run), fields };
      }
      if (typeof reply !== 'string' || reply === '') return null;
      const run = Number(reply);
      try {
        const text = await archive.read({ job: id, run });
        return { in: 'archive', run, fields: text === null ? null : parseArchived(id, text) };
      } catch (unreadable) {
        if (unreadable instanceof JobError && unreadable.away !== undefined) throw unreadable;
        return { in: 'archive', run, fields: null, unreadable };
      }
    });
  }

  async function standing(id: JobId, owner?: string): Promise<JobStanding | null> {
    const args = [id, owner === undefined ? '' : encodeURIComponent(owner)];
    const reply = await reachRedis(client, () => runScript(client, standingScript, [recordKeys.job(id)], args));
    if (!Array.isArray(reply)) return null;
    const [run, word, endedMs] = reply.map(String);
    const status = JOB_STATUSES.find((known) => known === word);
    if (status === undefined) return null;
    return { id, run: Number(run), status, finishedAt: endedMs ? new Date(Number(endedMs)).toISOString() : null };
  }

  return {
    lookUp,
    standing,

    async read(id) {
      const [found] = await lookUp([id]);
      if (found?.unreadable) metrics.objectDamaged('record');
      if (found?.unreadable) throw damaged(id, await standing(id), found.unreadable);
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
  };
}

/** `gone`, not `internal`: the system works, and asking again brings nothing. */
function damaged(id: JobId, known: JobStanding | null, cause: unknown): JobError {
  const ending = known?.status === 'canceled' ? 'was canceled' : known?.status;
  const when = known?.finishedAt ? ` at ${known.finishedAt}` : '';
  const end = ending === undefined ? '' : ` The job ${ending}${when}; what it left can still be read and deleted.`;
  return new JobError('gone', `The record of job ${id} is damaged in the store.${end}`, {
    cause,
    details: { damagedRecord: id },
  });
}
