import { type BatchId, itemJobId, type JobRun, mintBatchId } from '@styleflow/contracts';
import { type RedisServer, startRedis } from '@styleflow/testing';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { QueueConnection } from '../connect-queue.js';
import type { RecordArchive } from '../ports/record-archive.js';
import { connectTest } from '../test-connection.js';
import { someBundle, someJob } from '../test-jobs.js';

const VERDICT = { label: 'fake', score: 0.98123, threshold: 0.2 } as const;

/** An archive in memory. */
function memoryArchive(): RecordArchive {
  const texts = new Map<string, string>();
  return {
    read: async ({ job, run }) => texts.get(`${job}.${run}`) ?? null,
    write: async ({ job, run }, text) => void texts.set(`${job}.${run}`, text),
    accept: async () => undefined,
    readCustody: async () => null,
    writeCustody: async () => undefined,
    find: async () => null,
    keepBatch: async () => undefined,
    readBatch: async () => null,
    batches: async function* () {},
    tombstone: async () => null,
  };
}

describe('batches in Redis', () => {
  let server: RedisServer;
  let raw: Redis;
  let connection: QueueConnection;
  let batch: BatchId;
  beforeAll(async () => {
    server = await startRedis();
    raw = new Redis(server.url);
    connection = await connectTest(server, { maxQueued: 3, archive: memoryArchive() });
  });
  beforeEach(async () => {
    await raw.flushall();
    batch = mintBatchId();
  });
  afterAll(async () => {
    raw.disconnect();
    await connection.close();
    await server.stop();
  });

  async function running(items: number, owner = 'anna'): Promise<void> {
    const bundle = someBundle('some');
    await connection.batches.create({ id: batch, owner, form: 'csv', skipInvalid: false, options: {}, bundle });
    expect(await connection.batches.accept(batch, items)).toBe(true);
  }
  const runOf = (index: number, run = 1): JobRun => ({ job: itemJobId(batch, index), run });
  const admit = (index: number) =>
    connection.records.create(someJob({ id: itemJobId(batch, index), owner: 'anna', batch, item: index }));
  async function succeed(index: number, run = 1): Promise<void> {
    await connection.records.beginPrepare(runOf(index, run));
    const ending = { status: 'succeeded', verdict: VERDICT, faces: 1, clips: 3 } as const;
    expect(await connection.records.end(runOf(index, run), ending)).toBe(true);
  }
  const fail = (index: number, run = 1) =>
    connection.records.end(runOf(index, run), {
      status: 'failed',
      error: { code: 'media_corrupt', message: 'broken' },
    });
  const read = async () => (await connection.batches.read(batch)) ?? expect.fail('the batch is gone');

  it('count their jobs in the steps that change these, and end with the last one', async () => {
    await running(3);
    for (const index of [0, 1, 2]) await admit(index);
    await connection.records.beginPrepare(runOf(0));
    expect(await read()).toMatchObject({
      status: 'running',
      next: 3,
      open: 3,
      counts: { total: 3, queued: 2, preparing: 1 },
    });
    await connection.records.beginScoring(runOf(0));
    expect((await read()).counts).toMatchObject({ queued: 2, preparing: 0, scoring: 1 });
    await succeed(0);
    await fail(1);
    await connection.records.end(runOf(2), { status: 'canceled' });
    expect(await read()).toMatchObject({
      status: 'ended',
      open: 0,
      counts: { total: 3, queued: 0, succeeded: 1, failed: 1, canceled: 1 },
      errors: { media_corrupt: 1 },
    });
    const rows = (await connection.batches.openRows({ batch, part: 0 }))?.rows;
    expect(rows?.get(0)).toMatchObject({
      status: 'succeeded',
      label: 'fake',
      score: 0.98123,
      faces: 1,
      clips: 3,
      run: 1,
    });
    expect(rows?.get(1)).toMatchObject({ status: 'failed', code: 'media_corrupt' });
    expect(await connection.batches.live()).toEqual([]);
  });

  it('admit an item once, whoever repeats it, and never meet a full queue', async () => {
    await running(5);
    for (const index of [0, 1, 2, 3, 4]) await Promise.all([admit(index), admit(index)]);
    expect(await read()).toMatchObject({ next: 5, open: 5 });
    await expect(connection.records.create(someJob())).rejects.toMatchObject({ code: 'queue_full' });
    expect(await connection.batches.firstUnfinished(batch, 0)).toBe(0);
  });

  it('know the first item that has not ended, over parts that are here and in the store', async () => {
    await running(2_001);
    const inTurn = async (each: (index: number) => Promise<unknown>): Promise<void> => {
      for (let from = 0; from < 1_000; from += 100) {
        await Promise.all(Array.from({ length: 100 }, (_, step) => each(from + step)));
      }
    };
    await inTurn(admit);
    await inTurn(fail);
    expect(await connection.batches.wholeParts(10)).toEqual([{ batch, part: 0 }]);
    const open = await connection.batches.openRows({ batch, part: 0 });
    expect(open?.rows.size).toBe(1_000);
    const bytes = Number(await raw.memory('USAGE', `{styleflow}/batch/${batch}/rows/0`));
    expect(bytes / 1_000).toBeLessThan(200);
    expect(await connection.batches.closePart({ batch, part: 0 }, (open?.rev ?? 0) - 1)).toBe(false);
    expect(await connection.batches.closePart({ batch, part: 0 }, open?.rev ?? 0)).toBe(true);
    expect(await connection.batches.openRows({ batch, part: 0 })).toBeNull();
    expect(await connection.batches.firstUnfinished(batch, 0)).toBe(1_000);
    for (const index of [1_000, 1_001, 1_002]) await admit(index);
    await fail(1_001);
    expect(await connection.batches.firstUnfinished(batch, 17)).toBe(1_000);
    await fail(1_000);
    expect(await connection.batches.firstUnfinished(batch, 0)).toBe(1_002);
  });

  it('keep 110 bytes of an item whose record is archived, and find its job all the same', async () => {
    await running(1_000);
    const count = 200;
    const used = async () => Number(/used_memory:(\d+)/.exec(await raw.info('memory'))?.[1]);
    await admit(0);
    await fail(0);
    await connection.endedJobs.archive(itemJobId(batch, 0));
    await connection.endedJobs.confirmCleanup(runOf(0));
    const before = await used();
    for (let index = 1; index <= count; index += 1) {
      await admit(index);
      await fail(index);
      await connection.endedJobs.archive(itemJobId(batch, index));
      await connection.endedJobs.confirmCleanup(runOf(index));
    }
    await raw.del(...(await raw.keys('*/events')));
    // With its row, which goes to the store with its part: 300. A connection's buffer may come meanwhile: 80 more; a record would be 2,000.
    expect(((await used()) - before) / count).toBeLessThan(420);
    expect(await connection.records.read(itemJobId(batch, 7))).toMatchObject({ status: 'failed', item: 7, batch });
  });

  it('run again when an item that had failed is retried by itself, and end again', async () => {
    await running(2);
    for (const index of [0, 1]) await admit(index);
    await succeed(0);
    await fail(1);
    const open = await connection.batches.openRows({ batch, part: 0 });
    await connection.batches.closePart({ batch, part: 0 }, open?.rev ?? 0);
    await connection.endedJobs.archive(itemJobId(batch, 1));
    await connection.records.startRetry(itemJobId(batch, 1));
    expect(await read()).toMatchObject({
      status: 'running',
      round: 2,
      open: 1,
      errors: {},
      counts: { queued: 1, failed: 0 },
    });
    expect(await connection.batches.firstUnfinished(batch, 0)).toBe(1);
    expect((await connection.batches.openRows({ batch, part: 0 }))?.rows.get(1)).toBeNull();
    await succeed(1, 2);
    expect(await read()).toMatchObject({ status: 'ended', counts: { succeeded: 2 } });
    expect(await connection.batches.wholeParts(10)).toEqual([{ batch, part: 0 }]);
    expect(await connection.batches.firstUnfinished(batch, 0)).toBe(2);
  });

  it('once canceled admit nothing, count what never began as canceled, and end with their last job', async () => {
    await running(10);
    for (const index of [0, 1]) await admit(index);
    await fail(0);
    expect(await connection.batches.requestCancel(batch)).toMatchObject({ status: 'running', cancelRequested: true });
    await expect(admit(2)).rejects.toMatchObject({ code: 'conflict' });
    await connection.records.end(runOf(1), { status: 'canceled' });
    expect(await read()).toMatchObject({
      status: 'canceled',
      counts: { total: 10, queued: 0, failed: 1, canceled: 9 },
    });
    expect(await connection.batches.firstUnfinished(batch, 0)).toBe(10);
    expect(await connection.batches.wholeParts(10)).toEqual([{ batch, part: 0 }]);
  });

  it('end at once when they are canceled before they run', async () => {
    const bundle = someBundle('some');
    await connection.batches.create({ id: batch, owner: 'anna', form: 'csv', skipInvalid: false, options: {}, bundle });
    expect(await connection.batches.requestCancel(batch)).toMatchObject({ status: 'canceled' });
    expect(await connection.batches.noteRead(batch, { rowsRead: 1, faults: 0 })).toBe(false);
    expect(await connection.batches.accept(batch, 1)).toBe(false);
  });

  it('count an item that is deleted before it has ended as canceled', async () => {
    await running(1);
    await admit(0);
    await connection.records.reportProgress(runOf(0), { clipsPlanned: 4 });
    expect((await read()).unscoredClips).toBe(4);
    await connection.records.countClip(runOf(0), 0, 0);
    expect((await read()).unscoredClips).toBe(3);
    await connection.records.bury(itemJobId(batch, 0));
    expect(await read()).toMatchObject({ status: 'ended', open: 0, unscoredClips: 0, counts: { canceled: 1 } });
  });

  it('leave nothing once they and their items are forgotten', async () => {
    await running(2);
    for (const index of [0, 1]) await admit(index);
    await succeed(0);
    await connection.batches.markDeleting(batch);
    await expect(admit(1)).resolves.toMatchObject({ item: 1 });
    expect((await connection.batches.list({ owner: 'anna', limit: 10 })).batches).toEqual([]);
    expect(await connection.batches.live()).toMatchObject([{ id: batch, isDeleting: true }]);
    await connection.records.end(runOf(1), { status: 'canceled' });
    for (const index of [0, 1]) {
      await connection.batches.forgetItem(itemJobId(batch, index), { id: batch, owner: 'anna' });
      await connection.endedJobs.confirmCleanup(runOf(index));
    }
    await connection.batches.forget(batch, 1);
    expect(await raw.keys('*')).toEqual([]);
  });

  it('are listed newest first, page by page, each to its owner', async () => {
    const ids: BatchId[] = [];
    for (const owner of ['anna', 'bert', 'anna', 'anna']) {
      batch = mintBatchId();
      await running(1, owner);
      if (owner === 'anna') ids.unshift(batch);
    }
    ids.sort().reverse();
    const first = await connection.batches.list({ owner: 'anna', limit: 2 });
    const second = await connection.batches.list({ owner: 'anna', limit: 2, cursor: first.nextCursor ?? '' });
    expect([...first.batches, ...second.batches].map(({ id }) => id)).toEqual(ids);
    expect((await connection.batches.list({ limit: 10 })).batches).toHaveLength(4);
    await expect(connection.batches.list({ limit: 1, cursor: 'x' })).rejects.toMatchObject({ code: 'invalid_request' });
  });
});
