import { type BatchId, isBatchId } from '@styleflow/contracts';
import { printRow } from '../ports/batch-rows.js';
import type { LostBatches } from '../ports/lost-batches.js';
import type { RecordArchive } from '../ports/record-archive.js';
import type { RedisClient } from '../redis/connection.js';
import { reachRedis } from '../redis/reach-redis.js';
import { BATCHES_CHANNEL, recordKeys } from '../redis/record-keys.js';
import { readScript, runScript } from '../redis/redis-script.js';
import { parseBatch } from './batch-fields.js';
import { parseKeptBatch, printKeptBatch } from './kept-batch.js';

const bringBackScript = readScript('records/batch-bring-back');
const keptScript = readScript('records/batch-kept');

/** A Redis that forgot is found at once; what else may differ is worth a look now and then. */
const SEARCHED_TTL_S = 3_600;

export function redisLostBatches(client: RedisClient, archive: RecordArchive): LostBatches {
  return {
    async kept(id) {
      const text = await archive.readBatch(id);
      return text === null ? null : parseBatch(id, { ...COUNTS, ...parseKeptBatch(id, text).fields });
    },

    keptIds: async function* () {
      for await (const id of archive.batches()) if (isBatchId(id)) yield id;
    },

    async bringBack(id, { total, next, stored, ended, errors, items }) {
      const text = await archive.readBatch(id);
      if (text === null) return false;
      const { fields, sealed } = parseKeptBatch(id, text);
      const { next: stopped, ...others } = fields;
      const now = total === undefined ? others : { ...others, status: 'running', total: String(total) };
      const given = {
        fields: Object.entries(now).flat(),
        sealed: Object.entries(sealed).flat(),
        next: stopped === undefined ? next : Number(stopped),
        ...{ stored, counts: ended, errors },
        items: items.map(({ index, job, row }) => ({ index, job, row: row === null ? '' : printRow(row) })),
      };
      const args = [id, JSON.stringify(given)];
      return (
        (await reachRedis(client, () => runScript(client, bringBackScript, [recordKeys.batch(id)], args))) === 'back'
      );
    },

    unkept: async () => (await reachRedis(client, () => client.smembers(recordKeys.unkeptBatches))).filter(isBatchId),
    keep: (id) => keepBatch(client, archive, id),
    isSearched: async () => (await reachRedis(client, () => client.exists(recordKeys.searchedBatches))) === 1,

    async noteSearched() {
      await reachRedis(client, () => client.set(recordKeys.searchedBatches, '1', 'EX', SEARCHED_TTL_S));
    },

    async askForSearch() {
      await reachRedis(client, async () => {
        await client.del(recordKeys.searchedBatches);
        await client.publish(BATCHES_CHANNEL, 'search');
      });
    },
  };
}

const COUNTS = { next: '0', open: '0' };

/** What changes while it is written is written again, so that of two writers at once the last word is the newer one. */
export async function keepBatch(client: RedisClient, archive: RecordArchive, id: BatchId): Promise<void> {
  for (;;) {
    const [fields, sealed] = await reachRedis(client, () =>
      Promise.all([client.hgetall(recordKeys.batch(id)), client.hgetall(recordKeys.secrets(id))]),
    );
    // Without fields it was deleted meanwhile.
    if (fields.status !== undefined) await archive.keepBatch(id, printKeptBatch(fields, sealed));
    const args = [id, fields.rev ?? ''];
    if ((await reachRedis(client, () => runScript(client, keptScript, [recordKeys.batch(id)], args))) === 1) return;
  }
}
