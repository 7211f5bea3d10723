import type { JobId } from '@styleflow/contracts';
import type { CustodyLogs, StageNote } from '../ports/custody-logs.js';
import type { RecordArchive } from '../ports/record-archive.js';
import type { RedisClient } from '../redis/connection.js';
import { reachRedis } from '../redis/reach-redis.js';
import { recordKeys } from '../redis/record-keys.js';
import { readScript, runScript } from '../redis/redis-script.js';
import { parseJobIds } from './record-fields.js';
import type { RecordLookup } from './record-lookup.js';

const appendScript = readScript('records/append-custody');
const dropScript = readScript('records/drop-custody');

/** Logs as lists in Redis, and as one text each in the archive. */
export function redisCustodyLogs(client: RedisClient, archive: RecordArchive, { lookUp }: RecordLookup): CustodyLogs {
  const hot = (id: JobId): Promise<string[]> => reachRedis(client, () => client.lrange(recordKeys.custody(id), 0, -1));
  return {
    async read(id) {
      const [found] = await lookUp([id]);
      if (!found) return null;
      const inRedis = await hot(id);
      const lines = inRedis.length > 0 ? inRedis : splitLines(await archive.readCustody(id));
      const { stages = '', stagesLeftOut = '0' } = found.fields ?? {};
      return { lines, stages: parseStages(stages), stagesLeftOut: Number(stagesLeftOut) };
    },

    async append(id, before, lines) {
      const args = [id, before.length, ...before, ...lines];
      return (await reachRedis(client, () => runScript(client, appendScript, [recordKeys.job(id)], args))) === 1;
    },

    unkeptBefore: async (before, limit) =>
      parseJobIds(
        await reachRedis(client, () =>
          client.zrange(recordKeys.custodyUnkept, '-inf', `(${before}`, 'BYSCORE', 'LIMIT', 0, limit),
        ),
      ),

    async archive(id) {
      const lines = await hot(id);
      // The log is complete in the archive before Redis drops it. After a crash in between both are repeated.
      if (lines.length > 0) await archive.writeCustody(id, lines.map((line) => `${line}\n`).join(''));
      const args = [id, lines.length];
      return (await reachRedis(client, () => runScript(client, dropScript, [recordKeys.job(id)], args))) === 1;
    },
  };
}

function splitLines(text: string | null): string[] {
  return (text ?? '').split('\n').filter((line) => line !== '');
}

function parseStages(text: string): StageNote[] {
  return text
    .split(';')
    .filter((note) => note !== '')
    .map((note) => {
      const [at, status = '', run, attempts, cancelRequested] = note.split(' ');
      return {
        at: Number(at),
        status,
        run: Number(run),
        attempts: Number(attempts),
        cancelRequested: cancelRequested === '1',
      };
    });
}
