import { randomBytes } from 'node:crypto';
import { readRows } from '@styleflow/batches';
import { type BatchId, itemJobId, mintBatchId, mintJobId, mintUploadId, type Verdict } from '@styleflow/contracts';
import type { NewBatch, NewJob } from '@styleflow/queue';
import { batchRecordKey, claimedUploadKey, manifestKey, sourceKey, uploadKey } from '@styleflow/storage';
import { askRedis, until } from '@styleflow/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { quietLogger, startTestSystem, type TestSystem } from '../test-system.js';
import { BatchWork, startBatchLoop } from './batch-loop.js';
import type { BatchPorts } from './batch-ports.js';

const VERDICT: Verdict = { label: 'real', score: 0.1, threshold: 0.2 };

let system: TestSystem;
let ports: BatchPorts;
let abort: AbortController;
let work: BatchWork;
let id: BatchId;

beforeAll(async () => {
  system = await startTestSystem({ STYLEFLOW_SECRET_KEY: randomBytes(32).toString('base64') });
  const { records, lists, batches, leases, queue, store, vault, connection } = system;
  const { claims, announcements, lostBatches, lostJobs, singles, weights } = connection;
  const sourceRules = { allowPrivateSources: false, ownBucket: null, sourceBuckets: ['films'] };
  ports = {
    records,
    lists,
    batches,
    singles,
    weights,
    lostBatches,
    lostJobs,
    leases,
    queue,
    store,
    vault,
    claims,
    announcements,
    sourceRules,
    logger: quietLogger,
  };
});
beforeEach(() => {
  abort = new AbortController();
  work = new BatchWork(ports, abort.signal);
  id = mintBatchId();
});
afterEach(async () => {
  abort.abort();
  await work.settled();
});
afterAll(() => system.stop());

const row = (index: number): string => `https://example.org/${index}.mp4,item ${index},fake`;
const manifest = (rows: number, wrong: readonly number[] = []): string =>
  [
    'source,id,truth_label',
    ...Array.from({ length: rows }, (_, at) => (wrong.includes(at) ? 'nowhere,,' : row(at))),
  ].join('\n');

async function submit(text: string, changes: Partial<NewBatch> = {}): Promise<void> {
  await system.store.put(manifestKey(id), text, 'text/csv');
  const { bundle } = await system.createJob();
  await system.batches.create({ id, owner: 'anna', form: 'csv', skipInvalid: false, options: {}, bundle, ...changes });
  await work.round();
  await work.settled();
}
const read = async () => (await system.batches.read(id)) ?? expect.fail('the batch is gone');
const open = async () =>
  (
    await Promise.all(
      ['queued', 'preparing'].map((status) => system.lists.list({ batch: id, status: status as 'queued', limit: 200 })),
    )
  ).flatMap(({ jobs }) => jobs);

/** Ends every job that is open as the workers would, until the batch is over. */
async function endAll(ending: (index: number) => 'succeeded' | 'failed' = () => 'succeeded'): Promise<void> {
  for (;;) {
    await work.round();
    const jobs = await open();
    if (jobs.length === 0) return;
    for (const { id: job, run, item = 0, cancelRequested } of jobs) {
      await system.records.beginPrepare({ job, run });
      if (cancelRequested) await system.records.end({ job, run }, { status: 'canceled' });
      else if (ending(item) === 'succeeded')
        await system.records.end({ job, run }, { status: 'succeeded', verdict: VERDICT });
      else
        await system.records.end({ job, run }, { status: 'failed', error: { code: 'media_corrupt', message: 'bad' } });
    }
  }
}
async function stored(prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of system.store.list(prefix)) keys.push(key);
  return keys;
}
async function upload(text: string): Promise<string> {
  const uploadId = mintUploadId();
  await system.connection.claims.openUpload({ uploadId, owner: 'anna', bytes: text.length, expiresInSeconds: 600 });
  await system.store.put(uploadKey('anna', uploadId), text, 'video/mp4');
  return uploadId;
}

describe('a batch', () => {
  it('becomes jobs within its window and ends with all its rows in the store', async () => {
    await submit(manifest(100));
    expect(await read()).toMatchObject({ status: 'running', rowsRead: 100, counts: { total: 100 } });
    await work.round();
    expect(await read()).toMatchObject({ next: 64, open: 64 });
    expect((await open()).at(-1)).toMatchObject({
      owner: 'anna',
      metadata: { id: 'item 0', truth_label: 'fake' },
      item: 0,
    });
    expect(await system.queue.flowState({ job: itemJobId(id, 63), run: 1 })).toBe('live');
    await endAll((index) => (index % 10 === 0 ? 'failed' : 'succeeded'));
    expect(await read()).toMatchObject({ status: 'ended', counts: { succeeded: 90, failed: 10 } });
    await work.round();
    expect(await system.batches.openRows({ batch: id, part: 0 })).toBeNull();
    expect((await readRows(ports, id, 0)).rows.size).toBe(100);
  });

  it('with a fault is refused whole and makes no job, and its faults are kept', async () => {
    await submit(manifest(30, [3, 7]));
    expect(await read()).toMatchObject({ status: 'refused', faults: 2, rowsRead: 30, next: 0 });
    expect(await stored(`batches/${id}/`)).toEqual([batchRecordKey(id), `batches/${id}/faults/000000.ndjson`]);
  });

  it('keeps no address with its query in the clear: items have it sealed, and a retry has it again', async () => {
    await submit('source\nhttps://example.org/a.mp4?token=very-secret\n');
    const job = itemJobId(id, 0);
    await work.round();
    expect((await system.records.read(job))?.source).toEqual({ type: 'url', url: 'https://example.org/a.mp4?...' });
    expect(await system.vault.open(job, 'source')).toBe('https://example.org/a.mp4?token=very-secret');
    const kept = await Promise.all((await stored(`batches/${id}/`)).map((key) => system.store.get(key)));
    expect(Buffer.concat(kept.map((bytes) => bytes ?? Buffer.of())).toString()).not.toContain('very-secret');
    await endAll(() => 'failed');
    expect(await system.vault.open(job, 'source')).toBeNull();
    await system.batches.startRetry(id);
    await work.round();
    expect(await system.vault.open(job, 'source')).toBe('https://example.org/a.mp4?token=very-secret');
  });

  it('tells its webhook of each end, and of a refusal', async () => {
    const webhook = { url: 'https://example.org/hook', isUrlSealed: false, isSigned: false };
    await submit(manifest(3), { webhook });
    await endAll((index) => (index === 1 ? 'failed' : 'succeeded'));
    const told = () => system.connection.deliveries.list(id);
    expect(await told()).toMatchObject([{ id: `${id}_1_batch_ended`, event: 'batch.ended', status: 'pending' }]);
    const { data } = (await system.connection.deliveries.read(id, 1)) ?? {};
    expect(data).toEqual({ batch: id, status: 'ended', counts: { total: 3, succeeded: 2, failed: 1, canceled: 0 } });
    await system.batches.startRetry(id);
    await endAll();
    expect((await told()).map((each) => each.id)).toEqual([`${id}_1_batch_ended`, `${id}_2_batch_ended`]);

    id = mintBatchId();
    await submit(manifest(3, [1]), { webhook });
    expect((await system.connection.deliveries.read(id, 1))?.data).toMatchObject({ status: 'refused' });

    id = mintBatchId();
    await submit(manifest(3), { webhook });
    await system.batches.requestCancel(id);
    await endAll();
    expect(await told()).toMatchObject([{ event: 'batch.canceled' }]);
  });

  it('that skips what is wrong takes the rest', async () => {
    await submit(manifest(5, [1, 3]), { skipInvalid: true });
    await endAll();
    expect(await read()).toMatchObject({ status: 'ended', faults: 2, counts: { total: 3, succeeded: 3 } });
  });

  it('takes uploads for its own before it runs: they outlive their expiry, and become the source of their job', async () => {
    const [first, second] = [await upload('film one'), await upload('film two')];
    await submit(`source\nupload:${first}\nupload:${second}`);
    expect(await read()).toMatchObject({ status: 'running' });
    // What retention does with uploads that have expired.
    await system.store.deletePrefix('uploads/');
    expect(await stored(`batches/${id}/uploads/`)).toEqual([claimedUploadKey(id, 0), claimedUploadKey(id, 1)]);
    await work.round();
    expect(await system.store.get(sourceKey(itemJobId(id, 1)))).toEqual(Buffer.from('film two'));
    expect(await stored(`batches/${id}/uploads/`)).toEqual([]);
  });

  it('that names an upload of another key, or one that never was, has a fault in that line', async () => {
    const own = await upload('film');
    const other = mintUploadId();
    await system.connection.claims.openUpload({ uploadId: other, owner: 'bert', bytes: 1, expiresInSeconds: 600 });
    await system.store.put(uploadKey('bert', other), 'film', 'video/mp4');
    await submit(`source\nupload:${own}\nupload:${other}\nupload:${mintUploadId()}`);
    expect(await read()).toMatchObject({ status: 'refused', faults: 2 });
    expect(await system.store.head(uploadKey('anna', own))).not.toBeNull();
  });

  it('of ended jobs is one of the same videos by the same options; what went meanwhile fails alone', async () => {
    const earlier = async (given: Partial<NewJob> = {}) => {
      const { id: job } = await system.createJob({ maxFrames: 64 }, mintJobId(), { owner: 'anna', ...given });
      await system.records.beginPrepare({ job, run: 1 });
      await system.records.end({ job, run: 1 }, { status: 'succeeded', verdict: VERDICT });
      return job;
    };
    const source = { type: 'url', url: 'https://example.org/a.mp4' } as const;
    const kept = await earlier({ source, metadata: { file: 'a.mp4', id: 'before' } });
    const others = await earlier({ source, owner: 'bert' });
    const going = await earlier();
    await system.store.put(sourceKey(going), 'film', 'video/mp4');
    await submit(`source,id\njob:${kept},one\njob:${others},two\njob:${going},three\n`, { skipInvalid: true });
    expect(await read()).toMatchObject({ status: 'running', faults: 1, counts: { total: 2 } });
    await system.store.delete([sourceKey(going)]);
    await work.round();
    expect(await system.records.read(itemJobId(id, 0))).toMatchObject({
      ...{ source, rescoreOf: [kept], metadata: { file: 'a.mp4', id: 'one' }, options: { maxFrames: 64 } },
    });
    expect(await system.records.read(itemJobId(id, 1))).toMatchObject({
      ...{ status: 'failed', error: { code: 'source_unreachable' }, rescoreOf: [going] },
    });
  });

  it('runs its failed items again, and only these', async () => {
    await submit(manifest(6));
    await endAll((index) => (index < 2 ? 'failed' : 'succeeded'));
    await work.round();
    expect(await system.batches.startRetry(id)).toMatchObject({ status: 'running', round: 2 });
    await work.round();
    expect((await open()).map(({ item }) => item).sort()).toEqual([0, 1]);
    expect(await system.batches.startRetry(id)).toBeNull();
    await endAll();
    expect(await read()).toMatchObject({ status: 'ended', round: 2, counts: { succeeded: 6, failed: 0 } });
    await work.round();
    expect([...(await readRows(ports, id, 0)).rows.values()].map((each) => each?.run)).toEqual([2, 2, 1, 1, 1, 1]);
  });

  it('that is canceled stops its jobs and never begins the others', async () => {
    await submit(manifest(100));
    await work.round();
    await system.batches.requestCancel(id);
    await work.round();
    expect((await open()).every(({ cancelRequested }) => cancelRequested)).toBe(true);
    await endAll();
    expect(await read()).toMatchObject({ status: 'canceled', next: 64, counts: { canceled: 100, queued: 0 } });
    await work.round();
    expect(await system.batches.openRows({ batch: id, part: 0 })).toBeNull();
  });

  it('that is canceled while an upload is copied for its job leaves no copy where no job is', async () => {
    await submit(`source\nupload:${await upload('film one')}\nupload:${await upload('film two')}`);
    const own = sourceKey(itemJobId(id, 0));
    const copied = vi.spyOn(ports.store, 'copy').mockImplementationOnce(async (from, to) => {
      await system.store.put(to, (await system.store.get(from)) ?? '', 'video/mp4');
      await system.batches.requestCancel(id);
      return true;
    });
    await work.round();
    expect(copied.mock.calls).toEqual([[claimedUploadKey(id, 0), own]]);
    expect(await system.store.head(own)).toBeNull();
    await work.round();
    expect(await read()).toMatchObject({ status: 'canceled' });
  });

  it('that is deleted leaves nothing in store or Redis', async () => {
    await submit(manifest(70));
    await work.round();
    await system.batches.markDeleting(id);
    await work.round();
    await work.settled();
    expect(await read()).toMatchObject({ isDeleting: true });
    await endAll();
    for (const run of await system.endedJobs.pendingCleanups(1_000)) {
      if (await system.queue.removeEntries(run)) await system.endedJobs.confirmCleanup(run);
    }
    await work.round();
    await work.settled();
    expect(await system.batches.read(id)).toBeNull();
    const own = id.slice(4, -5);
    for (const prefix of ['batches/', 'jobs/', 'tombstones/']) {
      expect((await stored(prefix)).filter((key) => key.includes(own))).toEqual([]);
    }
    expect(await askRedis(Number(new URL(system.redis.url).port), ['KEYS', `*${own}*`])).toEqual([]);
  });

  it('is worked on without being asked, and goes on in another process when one is lost', async () => {
    const changes = await system.connection.openBatchChanges();
    const loops = [startBatchLoop(ports, changes), startBatchLoop(ports, changes)];
    await system.store.put(manifestKey(id), manifest(3), 'text/csv');
    const { bundle } = await system.createJob();
    await system.batches.create({ id, owner: 'anna', form: 'csv', skipInvalid: false, options: {}, bundle });
    await until('it runs', async () => (await read()).next === 3);
    await loops[0]?.stop();
    id = mintBatchId();
    await system.store.put(manifestKey(id), manifest(3), 'text/csv');
    await system.batches.create({ id, owner: 'anna', form: 'csv', skipInvalid: false, options: {}, bundle });
    await until('the other one runs it', async () => (await read()).next === 3);
    await loops[1]?.stop();
    await changes.close();
  });
});
