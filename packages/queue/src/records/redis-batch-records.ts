import { type BatchId, isBatchId, JobError } from '@styleflow/contracts';
import { z } from 'zod';
import type { BatchPartName, BatchRecord, BatchRecords } from '../ports/batch-records.js';
import { parseRow } from '../ports/batch-rows.js';
import type { RecordArchive } from '../ports/record-archive.js';
import type { RedisClient } from '../redis/connection.js';
import { reachRedis } from '../redis/reach-redis.js';
import { recordKeys } from '../redis/record-keys.js';
import { type RedisScript, readScript, runScript } from '../redis/redis-script.js';
import { newBatchFields, parseBatch } from './batch-fields.js';
import { keepBatch } from './redis-lost-batches.js';
import { withPatience } from './with-patience.js';

const scripts = {
  create: readScript('records/batch-create'),
  read: readScript('records/batch-read'),
  cancel: readScript('records/batch-cancel'),
  retry: readScript('records/batch-retry'),
  delete: readScript('records/batch-delete'),
  forget: readScript('records/batch-forget'),
  closePart: readScript('records/batch-close-part'),
  firstUnfinished: readScript('records/batch-first-unfinished'),
  forgetItem: readScript('records/forget-item'),
  page: readScript('records/list-page'),
};

const CountSchema = z.coerce.number();

/** Batches in Redis. Each change is one script; the steps that change a job write what its batch has of it (`lua/records/prelude/`). */
export function redisBatchRecords(client: RedisClient, archive: RecordArchive): BatchRecords {
  const run = (script: RedisScript, id: BatchId, ...args: (string | number)[]): Promise<unknown> =>
    reachRedis(client, () => runScript(client, script, [recordKeys.batch(id)], [id, ...args]));

  /** What hangs on a caller's word, or on the store, is kept at once; all else by the work for batches. */
  const keep = (id: BatchId): Promise<void> => withPatience(() => keepBatch(client, archive, id));

  async function readMany(ids: readonly BatchId[]): Promise<BatchRecord[]> {
    if (ids.length === 0) return [];
    const pipeline = client.pipeline();
    for (const id of ids) pipeline.hgetall(recordKeys.batch(id));
    const replies = (await reachRedis(client, () => pipeline.exec())) ?? [];
    return ids.flatMap((id, index) => {
      const [error, hash] = replies[index] ?? [];
      if (error) throw new JobError('queue_unavailable', error.message, { cause: error });
      return parseBatch(id, hash) ?? [];
    });
  }

  return {
    async create(batch) {
      const claim = batch.idempotencyKey === undefined ? '' : recordKeys.idempotency(batch.owner, batch.idempotencyKey);
      const reply = await run(scripts.create, batch.id, recordKeys.safe(batch.owner), claim, ...newBatchFields(batch));
      const record = parseBatch(batch.id, reply);
      if (record === null) throw new JobError('internal', `Batch ${batch.id} cannot be read.`);
      await keep(batch.id);
      return record;
    },

    read: async (id) => parseBatch(id, await reachRedis(client, () => client.hgetall(recordKeys.batch(id)))),

    async list({ owner, limit, cursor = '' }) {
      if (cursor !== '' && !isBatchId(cursor)) throw new JobError('invalid_request', 'cursor: not one of this list.');
      const args = ['newest', cursor, limit];
      const reply = await reachRedis(client, () => runScript(client, scripts.page, [recordKeys.batches(owner)], args));
      const ids = parseBatchIds(reply);
      return { batches: await readMany(ids), nextCursor: ids.length < limit ? null : (ids.at(-1) ?? null) };
    },

    async live() {
      const ids = parseBatchIds(await reachRedis(client, () => client.smembers(recordKeys.liveBatches)));
      return readMany(ids.sort());
    },

    noteRead: async (id, { rowsRead, faults }) => (await run(scripts.read, id, rowsRead, faults, '', '')) === 1,
    async accept(id, items) {
      const isDone = (await run(scripts.read, id, '', '', 'running', items)) === 1;
      if (isDone) await keep(id);
      return isDone;
    },
    async refuse(id) {
      const isDone = (await run(scripts.read, id, '', '', 'refused', '')) === 1;
      if (isDone) await keep(id);
      return isDone;
    },
    async requestCancel(id) {
      const record = parseBatch(id, await run(scripts.cancel, id));
      if (record !== null) await keep(id);
      return record;
    },
    async startRetry(id) {
      const record = parseBatch(id, await run(scripts.retry, id, 0));
      if (record !== null) await keep(id);
      return record;
    },

    async noteRetried(id, before) {
      // 0 would begin it.
      if (before !== 0) await run(scripts.retry, id, before ?? '');
    },

    async markDeleting(id) {
      if ((await run(scripts.delete, id)) === 1) await keep(id);
    },

    async forget(id, parts) {
      await run(scripts.forget, id, parts);
    },

    async forgetItem(job, { id, owner }) {
      const args = [job, recordKeys.safe(owner), recordKeys.safe(id)];
      await reachRedis(client, () => runScript(client, scripts.forgetItem, [recordKeys.job(job)], args));
    },

    wholeParts: async (limit) =>
      parseParts(await reachRedis(client, () => client.srandmember(recordKeys.wholeParts, limit))),

    async openRows({ batch, part }) {
      const hash = await reachRedis(client, () => client.hgetall(recordKeys.batchRows(batch, part)));
      const { rev, open, ...rows } = hash;
      if (open === undefined) return null;
      const entries = Object.entries(rows).map(
        ([index, text]) => [Number(index), text === '' ? null : parseRow(text)] as const,
      );
      return { rev: Number(rev), rows: new Map(entries) };
    },

    closePart: async ({ batch, part }, rev) => (await run(scripts.closePart, batch, part, rev)) === 1,

    firstUnfinished: async (id, from) => CountSchema.parse(await run(scripts.firstUnfinished, id, from)),

    overBefore: async (before, limit) =>
      parseBatchIds(
        await reachRedis(client, () =>
          client.zrange(recordKeys.overBatches, '-inf', `(${before}`, 'BYSCORE', 'LIMIT', 0, limit),
        ),
      ),

    mediaDue: async (before, limit) =>
      parseParts(
        await reachRedis(client, () =>
          client.zrange(recordKeys.partsWithMedia, '-inf', `(${before}`, 'BYSCORE', 'LIMIT', 0, limit),
        ),
      ),

    async confirmMedia({ batch, part }) {
      await reachRedis(client, () => client.zrem(recordKeys.partsWithMedia, `${batch}.${part}`));
    },
  };
}

function parseBatchIds(reply: unknown): BatchId[] {
  return z.array(z.custom<BatchId>((text) => typeof text === 'string' && isBatchId(text))).parse(reply);
}

function parseParts(reply: unknown): BatchPartName[] {
  return z
    .array(z.string())
    .parse(reply)
    .map((text) => {
      const [batch = '', part] = text.split('.');
      if (!isBatchId(batch)) throw new JobError('internal', `${text} names no part of a batch.`);
      return { batch, part: Number(part) };
    });
}
