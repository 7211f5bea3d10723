import { isEnded, JOB_STATUSES, JobError, type JobId } from '@styleflow/contracts';
import type { LostJob, LostJobs } from '../ports/lost-jobs.js';
import type { JobRemains, RecordArchive } from '../ports/record-archive.js';
import type { RedisClient } from '../redis/connection.js';
import { reachRedis } from '../redis/reach-redis.js';
import { recordKeys } from '../redis/record-keys.js';
import { readScript, runScript } from '../redis/redis-script.js';
import { parseArchived, printArchived, type RecordHash } from './archived-record.js';
import { parseJobIds } from './record-fields.js';
import type { RecordLookup } from './record-lookup.js';

const bringBackScript = readScript('records/bring-back');
const buryAgainScript = readScript('records/bury-again');

/** Of a record that begins anew: what the run before had left in it. The claim of an idempotency key went with Redis. */
const NOT_KEPT = ['status', 'idempotencyKey', 'revision', 'waiting'];
const OF_AN_END = [
  'startedAt',
  'finishedAt',
  'error',
  'verdict',
  'percent',
  'framesTotal',
  'row',
  'resultSha256',
  'leftOut',
];
const OF_A_BEGINNING = { cancelRequested: '0', framesDecoded: '0', clipsPlanned: '0', clipsScored: '0' };

export function redisLostJobs(client: RedisClient, archive: RecordArchive, { read }: RecordLookup): LostJobs {
  async function bringBack(id: JobId): Promise<LostJob> {
    const known = await read(id);
    if (known !== null) return { outcome: 'back', record: known, wasKnown: true };
    const tombstone = await archive.tombstone(id);
    if (tombstone !== null) return { outcome: 'gone', ...tombstone };
    const remains = await archive.find(id);
    if (remains === null) return { outcome: 'unknown' };
    const lost = readRemains(id, remains);
    if (lost === null) return { outcome: 'unrecoverable' };
    const args = [id, lost.status, remains.sourceBytes, ...Object.entries(lost.fields).flat()];
    const reply = await reachRedis(client, () => runScript(client, bringBackScript, [recordKeys.job(id)], args));
    if (reply === 'gone') return { outcome: 'gone', owner: lost.fields.owner ?? null };
    const record = await read(id);
    return record === null ? { outcome: 'unrecoverable' } : { outcome: 'back', record, wasKnown: reply === 'known' };
  }

  return {
    bringBack,

    unkept: async (limit) =>
      parseJobIds(await reachRedis(client, () => client.zrange(recordKeys.unkept, '0', String(limit - 1)))),

    async keep(id) {
      const fields = await reachRedis(client, () => client.hgetall(recordKeys.job(id)));
      await keepAccepted(client, archive, id, fields);
    },

    buryAgain: async (id, at) =>
      (await reachRedis(client, () => runScript(client, buryAgainScript, [recordKeys.job(id)], [id, at]))) === 1,
  };
}

/** Puts an accepted record into the archive and takes it off the list of those that are still to be put there. */
export async function keepAccepted(
  client: RedisClient,
  archive: RecordArchive,
  id: JobId,
  fields: RecordHash,
): Promise<void> {
  // Without fields it was archived or deleted meanwhile.
  if (fields.run !== undefined) await archive.accept(id, printArchived(fields));
  await reachRedis(client, () => client.zrem(recordKeys.unkept, id));
}

/** The record as it has to stand in Redis; null when the archive has none. */
function readRemains(
  id: JobId,
  { accepted, ended, lastRun }: JobRemains,
): { readonly status: string; readonly fields: RecordHash } | null {
  const kept = accepted === null ? null : parseArchived(id, accepted);
  const run = Math.max(Number(kept?.run ?? 0), ended?.run ?? 0, lastRun, 1);
  const last = ended === null || ended.text === null ? null : parseArchived(id, ended.text);
  // That it had ended is certain, and how is not known any more: it must not begin anew.
  if (last === null && ended?.run === run) return null;
  if (last !== null && ended?.run === run) {
    const status = JOB_STATUSES.find((known) => known === last.status);
    if (status !== undefined && isEnded(status)) return { status, fields: without(last, NOT_KEPT) };
  }
  const base = kept ?? last;
  if (base === null) return null;
  if (base.owner === undefined) throw new JobError('internal', `The archived record of ${id} cannot be read.`);
  const fields = { ...without(base, [...NOT_KEPT, ...OF_AN_END]), ...OF_A_BEGINNING, run: String(run) };
  return { status: 'queued', fields };
}

function without(fields: RecordHash, names: readonly string[]): RecordHash {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)));
}
