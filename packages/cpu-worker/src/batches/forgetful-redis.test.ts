import { randomBytes } from 'node:crypto';
import { bringBackBatch, readRows, writeRows } from '@styleflow/batches';
import { type BatchId, itemJobId, mintBatchId, type Verdict } from '@styleflow/contracts';
import type { BatchRecord, CompactRow, NewBatch } from '@styleflow/queue';
import { batchRecordKey, manifestKey } from '@styleflow/storage';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { quietLogger, startTestSystem, type TestSystem } from '../test-system.js';
import { ItemAdmission } from './admit-items.js';
import { BatchWork } from './batch-loop.js';
import type { BatchPorts } from './batch-ports.js';

const VERDICT: Verdict = { label: 'real', score: 0.1, threshold: 0.2 };
const ROW: CompactRow = {
  status: 'succeeded',
  ...{ label: null, score: null, threshold: null, reason: null, code: null, faces: null, clips: null, run: 1 },
};
const SOURCE = 'https://example.org/a.mp4?token=very-secret';

let system: TestSystem;
let ports: BatchPorts;
let abort: AbortController;
let work: BatchWork;
let id: BatchId;

beforeAll(async () => {
  system = await startTestSystem({ STYLEFLOW_SECRET_KEY: randomBytes(32).toString('base64') });
  const { connection, queue, store, vault } = system;
  const sourceRules = { allowPrivateSources: false, ownBucket: null, sourceBuckets: ['films'] };
  ports = { ...connection, queue, store, vault, sourceRules, logger: quietLogger };
});
beforeEach(async () => {
  await system.redis.command('FLUSHALL');
  await system.store.deletePrefix('batches/');
  abort = new AbortController();
  work = new BatchWork(ports, abort.signal);
  id = mintBatchId();
});
afterEach(async () => {
  abort.abort();
  await work.settled();
});
afterAll(() => system.stop());

async function submit(rows: number, changes: Partial<NewBatch> = {}): Promise<void> {
  const lines = Array.from({ length: rows }, (_, at) => `${SOURCE}&n=${at},item ${at}`);
  await system.store.put(manifestKey(id), ['source,id', ...lines].join('\n'), 'text/csv');
  const { bundle } = await system.createJob();
  await system.batches.create({ id, owner: 'anna', form: 'csv', skipInvalid: false, options: {}, bundle, ...changes });
}
/** Submits it and has its first items begin. */
async function start(rows: number, changes: Partial<NewBatch> = {}): Promise<void> {
  await submit(rows, changes);
  await round();
  await round();
}
/** The work for batches, until nothing of it is under way. */
async function round(): Promise<void> {
  await work.round();
  await work.settled();
}
/** As a Redis that starts anew without its data. */
async function forget(): Promise<void> {
  await system.redis.command('FLUSHALL');
  expect(await system.batches.read(id)).toBeNull();
}
const read = async (): Promise<BatchRecord> => (await system.batches.read(id)) ?? expect.fail('the batch is gone');
const runOf = (index: number, run = 1) => ({ job: itemJobId(id, index), run });

async function end(from: number, to: number, status: 'succeeded' | 'failed' = 'succeeded', run = 1): Promise<void> {
  for (let index = from; index < to; index += 1) {
    await system.records.beginPrepare(runOf(index, run));
    const ending =
      status === 'succeeded'
        ? ({ status, verdict: VERDICT, faces: 2, clips: 3 } as const)
        : ({ status, error: { code: 'media_corrupt', message: 'bad' } } as const);
    await system.records.end(runOf(index, run), ending);
  }
}
/** Has every job of it end that is open, until the batch is over. */
async function endAll(run = 1): Promise<void> {
  for (let open = 1; open > 0; ) {
    await round();
    const { jobs } = await system.lists.list({ batch: id, status: 'queued', limit: 200 });
    for (const { item = 0 } of jobs) await end(item, item + 1, 'succeeded', run);
    open = jobs.length;
  }
}

describe('a batch that Redis has forgotten', () => {
  it('comes back by itself, with every row, and goes on from where it was', async () => {
    await start(30);
    await end(0, 10);
    await end(10, 13, 'failed');
    await round();
    const before = await read();
    await forget();
    await round();
    const { counts, errors, next, open, createdAt } = await read();
    expect({ counts, errors, next, open, createdAt }).toEqual({
      counts: { ...before.counts, total: 30, succeeded: 10, failed: 3, preparing: 0, queued: 17 },
      errors: { media_corrupt: 3 },
      ...{ next: before.next, open: before.open, createdAt: before.createdAt },
    });
    const { rows } = await readRows(ports, id, 0);
    expect(rows.get(4)).toMatchObject({ status: 'succeeded', label: 'real', faces: 2, clips: 3 });
    expect(rows.get(11)).toMatchObject({ status: 'failed', code: 'media_corrupt', run: 1 });
    // One that had begun has its entries and its secrets again.
    expect(await system.queue.flowState(runOf(20))).toBe('live');
    expect(await system.vault.open(itemJobId(id, 20), 'source')).toBe(`${SOURCE}&n=20`);
    await endAll();
    expect(await read()).toMatchObject({ status: 'ended', counts: { succeeded: 27, failed: 3, queued: 0 } });
    await round();
    expect((await readRows(ports, id, 0)).rows.size).toBe(30);
  });

  it('is judged anew when its manifest had not been read to its end', async () => {
    await submit(5);
    await forget();
    await round();
    expect(await read()).toMatchObject({ status: 'validating' });
    await round();
    expect(await read()).toMatchObject({ status: 'running', counts: { total: 5 } });
  });

  it('runs although the store had not been told so before its manifest went', async () => {
    await submit(5);
    const validating = (await system.store.get(batchRecordKey(id))) ?? expect.fail('not kept');
    await round();
    await system.store.put(batchRecordKey(id), validating, 'application/json');
    await forget();
    await round();
    expect(await read()).toMatchObject({ status: 'running', counts: { total: 5 } });
    await endAll();
    expect(await read()).toMatchObject({ status: 'ended', counts: { succeeded: 5 } });
  });

  it('counts what lies in the store in whole parts, and asks for none of its jobs', async () => {
    await submit(1_005);
    await round();
    const job = itemJobId(id, 500);
    await system.createJob({}, job, { owner: 'anna', batch: id, item: 500 });
    await end(500, 501);
    await forget();
    // As if its first thousand items had ended.
    const rows = new Map(
      Array.from({ length: 1_000 }, (_, index): [number, CompactRow] => [
        index,
        { ...ROW, ...(index < 50 ? { status: 'failed', code: 'media_corrupt' } : { status: 'succeeded' }) },
      ]),
    );
    await writeRows(ports, id, 0, rows);
    await round();
    const counts = { failed: 50, succeeded: 950, queued: 5 };
    expect(await read()).toMatchObject({ next: 1_000, open: 0, counts, errors: { media_corrupt: 50 } });
    await round();
    expect(await read()).toMatchObject({ next: 1_005, open: 5, counts });
    // A job of a whole part that is asked for is not counted twice.
    expect(await system.lostJobs.bringBack(job)).toMatchObject({ outcome: 'back' });
    expect(await read()).toMatchObject({ open: 5, counts });
    await endAll();
    expect(await read()).toMatchObject({ status: 'ended', counts: { failed: 50, succeeded: 955 } });
  });

  it('goes on with a retry: what runs again is not counted as failed, and what had not begun begins', async () => {
    await start(12);
    await end(0, 8, 'failed');
    await end(8, 12);
    await round();
    expect(await read()).toMatchObject({ status: 'ended' });
    await system.batches.startRetry(id);
    await round();
    await end(0, 3, 'succeeded', 2);
    const before = await read();
    await forget();
    await round();
    expect((await read()).counts).toMatchObject({ succeeded: 7, queued: before.counts.queued });
    await endAll(2);
    expect(await read()).toMatchObject({ status: 'ended', round: 2, counts: { succeeded: 12, failed: 0 } });
  });

  it('stays canceled, ended or refused, and is not told of twice', async () => {
    const webhook = { url: 'https://example.org/hook', isUrlSealed: false, isSigned: false };
    await submit(8, { webhook });
    await round();
    await new ItemAdmission(ports).admit(await read(), 3);
    await end(0, 3);
    await system.batches.requestCancel(id);
    await round();
    const canceled = await read();
    await forget();
    await round();
    expect(await read()).toMatchObject({
      status: 'canceled',
      counts: canceled.counts,
      finishedAt: canceled.finishedAt,
    });
    expect(await system.connection.deliveries.list(id)).toEqual([]);
  });

  it('that was being deleted goes on being deleted', async () => {
    await submit(5);
    await round();
    await system.batches.markDeleting(id);
    await forget();
    await round();
    expect(await system.batches.list({ owner: 'anna', limit: 10 })).toMatchObject({ batches: [] });
    await round();
    expect(await system.batches.read(id)).toBeNull();
    expect(await system.store.head(batchRecordKey(id))).toBeNull();
  });

  it('is brought back once, however many look for it, and while its jobs go on', async () => {
    await start(8);
    await end(0, 5);
    await forget();
    const all = await Promise.all([1, 2, 3].map(() => bringBackBatch(ports, id)));
    expect(all.filter((status) => status === 'running')).toHaveLength(1);
    expect(await read()).toMatchObject({ open: 3, counts: { succeeded: 5, queued: 3 } });
  });

  it('has its items wait for it when one of them is asked for first', async () => {
    await start(10);
    await end(0, 2);
    await forget();
    for (const index of [0, 5]) await system.lostJobs.bringBack(itemJobId(id, index));
    await end(5, 6);
    await round();
    expect(await read()).toMatchObject({ open: 7, counts: { succeeded: 3 } });
  });
});
