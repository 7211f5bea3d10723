import { createReadStream } from 'node:fs';
import { JobError, type JobId, type JobOptions, mintUploadId } from '@styleflow/contracts';
import { clipsPrefix, putTombstone, resultKey, sourceKey, stripKey, tombstoneKey, uploadKey } from '@styleflow/storage';
import { makeVideo, until } from '@styleflow/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { quietLogger, startTestSystem, type TestSystem } from '../test-system.js';
import { sweepOnce } from './sweep.js';
import type { Retention, SweepPorts } from './sweep-ports.js';

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem();
});
afterAll(() => system.stop());

const DAY = 86_400_000;

/** A job's record at its end. */
const RECORD = 'runs/1/record.json';

const KEPT = { redisMs: DAY, mediaMs: DAY, resultMs: 30 * DAY, maxPerMinute: 1_000_000 };

/** One round; `periods` of retention other than the usual ones. */
function sweep(periods: Partial<Retention> = {}, changes: Partial<SweepPorts> = {}): Promise<void> {
  const {
    records,
    lists,
    batches,
    custodyLogs,
    endedJobs,
    lostJobs,
    claims,
    tellWhichStore,
    leases,
    clock,
    deletionPace,
  } = system;
  const { queue, store } = system;
  const retention = { ...KEPT, ...periods };
  return sweepOnce({
    ...{ records, lists, batches, custodyLogs, endedJobs, lostJobs, claims, tellWhichStore, leases, clock },
    ...{ deletionPace, queue, store },
    ...{ logger: quietLogger, retention },
    arrivals: system.connection.arrivals,
    opinions: system.connection.opinions,
    shadows: system.connection.shadows,
    announcements: system.connection.announcements,
    outageBudgetMs: 900_000,
    ...changes,
  });
}

async function endedJob(): Promise<JobId> {
  const { id } = await system.createJob();
  await system.records.end(
    { job: id, run: 1 },
    { status: 'failed', error: { code: 'internal', message: 'for a test' } },
  );
  await system.store.put(resultKey(id), '{}', 'application/json');
  await system.store.put(stripKey(id, 1, 0, 0), 'png', 'image/png');
  await system.store.put(`${clipsPrefix(id, 1)}0.0`, 'pixels', 'application/octet-stream');
  await system.store.putStream(sourceKey(id), createReadStream(await makeVideo({ frames: 15 })), {
    contentType: 'video/mp4',
  });
  return id;
}

async function succeededJob(options: Partial<JobOptions>): Promise<JobId> {
  const { id } = await system.createJob(options);
  await system.records.beginPrepare({ job: id, run: 1 });
  await system.store.put(sourceKey(id), 'a video', 'video/mp4');
  const verdict = { label: 'inconclusive', reason: 'no_face', score: null, threshold: 0.2 } as const;
  await system.records.end({ job: id, run: 1 }, { status: 'succeeded', verdict });
  return id;
}

async function storedOf(job: JobId): Promise<string[]> {
  const names: string[] = [];
  for await (const { key } of system.store.list(`jobs/${job}/`)) names.push(key.slice(`jobs/${job}/`.length));
  return names.sort();
}

describe('the sweep', () => {
  it('enqueues a job whose submission crashed before its flow was added, once it is not young any more', async () => {
    const { id, createdAt } = await system.createJob();
    const run = { job: id, run: 1 };
    const sweepAfter = (ms: number) => {
      const at = Date.parse(createdAt) + ms;
      return sweep({}, { clock: { now: async () => at, read: async () => at } });
    };
    await sweepAfter(1_999);
    expect(await system.queue.flowState(run)).toBe('absent');
    await sweepAfter(2_000);
    expect(await system.queue.flowState(run)).toBe('live');
    await system.records.end(run, { status: 'canceled' });
  });

  it('leaves media alone before their retention, then deletes source, pictures and pixels and keeps the result', async () => {
    const job = await endedJob();
    await sweep();
    const media = ['runs/1/clips/0.0', 'runs/1/strips/0.0.png', 'source'];
    expect(await storedOf(job)).toEqual(['job.json', 'result.json', 'runs/1/clips/0.0', RECORD, ...media.slice(1)]);
    await until('its end is in the past', async () => {
      await sweep({ mediaMs: 1 });
      return (await storedOf(job)).length === 3;
    });
    expect(await storedOf(job)).toEqual(['job.json', 'result.json', RECORD]);
    expect((await system.records.read(job))?.status).toBe('failed');
  });

  it('deletes an uploaded video once its job has succeeded and left Redis, unless it is to be kept', async () => {
    const [plain, kept, failed] = [await succeededJob({}), await succeededJob({ keepSource: true }), await endedJob()];
    await sweep();
    expect(await storedOf(plain)).toContain('source');
    await until('their records are in the store alone', async () => {
      await sweep({ redisMs: 1 });
      const inRedis = await system.endedJobs.unarchivedBefore(Date.now() + DAY, 1_000);
      return [plain, kept, failed].every((job) => !inRedis.includes(job));
    });
    expect(await storedOf(plain)).not.toContain('source');
    expect(await storedOf(kept)).toContain('source');
    // A retry needs it.
    expect(await storedOf(failed)).toContain('source');
  });

  it('does not ask for media again that it or the sweep before it has deleted', async () => {
    const job = await endedJob();
    await until('its media are deleted', async () => {
      await sweep({ mediaMs: 1 });
      return (await storedOf(job)).length === 3;
    });
    const deletePrefix = vi.spyOn(system.store, 'deletePrefix');
    await sweep({ mediaMs: 1 });
    expect(deletePrefix.mock.calls.filter(([prefix]) => prefix.includes(job))).toEqual([]);
    deletePrefix.mockRestore();
  });

  it('moves the record to the store some time after the end, where media and results are still found by it', async () => {
    const job = await endedJob();
    await sweep();
    expect(await system.endedJobs.unarchivedBefore(Date.now() + DAY, 1_000)).toContain(job);
    await until('its end is in the past', async () => {
      await sweep({ redisMs: 1 });
      return !(await system.endedJobs.unarchivedBefore(Date.now() + DAY, 1_000)).includes(job);
    });
    expect((await system.records.read(job))?.status).toBe('failed');
    await until('its media go', async () => {
      await sweep({ mediaMs: 1 });
      return (await storedOf(job)).length === 3;
    });
    expect(await storedOf(job)).toEqual(['job.json', 'result.json', RECORD]);
    await sweep({ resultMs: 1 });
    expect([await storedOf(job), await system.records.read(job)]).toEqual([[], null]);
  });

  it('deletes job, result and record after theirs', async () => {
    const job = await endedJob();
    await until('its end is in the past', async () => {
      await sweep({ resultMs: 1 });
      return (await system.records.read(job)) === null;
    });
    expect(await storedOf(job)).toEqual([]);
    expect(await system.records.isBuried(job)).toBe(true);
  });

  it('deletes again what a late worker wrote for a deleted job', async () => {
    const job = await endedJob();
    await system.records.bury(job);
    await system.store.put(stripKey(job, 1, 7, 7), 'late', 'image/png');
    await sweep();
    expect(await storedOf(job)).toEqual([]);
  });

  it('keeps to a deletion that Redis has forgotten, until nothing of the job is left and its time is over', async () => {
    const { clock, lostJobs, records, store, redis } = system;
    const young = await endedJob();
    const old = await endedJob();
    await putTombstone(store, young, { owner: 'local', at: await clock.now() });
    await putTombstone(store, old, { owner: 'local', at: (await clock.now()) - DAY });
    await redis.command('FLUSHALL');
    await sweep();
    expect([await storedOf(young), await storedOf(old)]).toEqual([[], []]);
    expect([await records.isBuried(young), await records.isBuried(old)]).toEqual([true, false]);
    expect(await lostJobs.bringBack(young)).toMatchObject({ outcome: 'gone' });
    expect(await store.head(tombstoneKey(old))).not.toBeNull();
    await store.put(stripKey(young, 1, 7, 7), 'late', 'image/png');
    await sweep();
    expect(await storedOf(young)).toEqual([]);
    // The old one's time was over and a round found nothing more; the young one's is not.
    const left = await Promise.all([young, old].map((job) => store.head(tombstoneKey(job))));
    expect(left.map((facts) => facts !== null)).toEqual([true, false]);
  });

  it('completes a deletion that stopped after its tombstone, whether the job had ended or not', async () => {
    const { clock, records, store } = system;
    const { id: waiting } = await system.createJob();
    for (const job of [await endedJob(), waiting]) {
      await putTombstone(store, job, { owner: 'local', at: await clock.now() });
      await sweep();
      expect([await storedOf(job), await records.read(job), await records.isBuried(job)]).toEqual([[], null, true]);
    }
  });

  it('leaves a tombstone in the store before it deletes what is expired', async () => {
    const job = await endedJob();
    const bury = vi.spyOn(system.records, 'bury');
    let stood = false;
    bury.mockImplementationOnce(async () => {
      stood = (await system.store.head(tombstoneKey(job))) !== null;
      throw new Error('the process is killed here');
    });
    await until('its end is in the past', async () => {
      await sweep({ resultMs: 1 });
      return stood;
    });
    bury.mockRestore();
    await system.redis.command('FLUSHALL');
    expect(await system.lostJobs.bringBack(job)).toMatchObject({ outcome: 'gone' });
    await sweep();
    expect(await storedOf(job)).toEqual([]);
  });

  it('keeps records in the store that it could not take when their jobs were accepted', async () => {
    const { store } = system;
    const put = vi.spyOn(store, 'put').mockRejectedValueOnce(new JobError('storage_unavailable', 'for a test'));
    const { id } = await system.createJob();
    put.mockRestore();
    expect(await storedOf(id)).toEqual([]);
    await sweep();
    expect(await storedOf(id)).toEqual(['job.json']);
    await system.records.end({ job: id, run: 1 }, { status: 'canceled' });
  });

  it('tells a Redis that forgot which store is its', async () => {
    await system.redis.command('FLUSHALL');
    await sweep();
    expect(await system.redis.command('EXISTS', '{styleflow}/store')).toBe(1);
  });

  it('deletes uploads that were never submitted, whole or in parts, but none that is fresh or that somebody keeps', async () => {
    const { store, claims } = system;
    const [left, kept] = [mintUploadId(), mintUploadId()];
    await claims.openUpload({ uploadId: kept, owner: 'local', bytes: 5, expiresInSeconds: 600 });
    const there: (() => Promise<boolean>)[] = [];
    for (const uploadId of [left, kept]) {
      const key = uploadKey('local', uploadId);
      await store.put(key, 'video', 'video/mp4');
      const parted = await store.parts.begin(key);
      there.push(
        async () => (await store.head(key)) !== null,
        async () => (await store.parts.stored(parted)) !== null,
      );
    }
    const all = () => Promise.all(there.map((each) => each()));
    await sweep();
    expect(await all()).toEqual([true, true, true, true]);
    await until('they are old', async () => {
      await sweep({ mediaMs: 1 });
      return !(await all()).slice(0, 2).some((each) => each);
    });
    expect(await all()).toEqual([false, false, true, true]);
    await claims.closeUpload(kept, 'local');
    await sweep({ mediaMs: 1 });
    expect(await all()).toEqual([false, false, false, false]);
  });

  it('does the rest of its work when one part fails', async () => {
    const job = await endedJob();
    await system.records.bury(job);
    const unfinished = (): never => {
      throw new JobError('queue_unavailable', 'for a test');
    };
    await sweep({}, { lists: { ...system.lists, unfinished } });
    expect(await storedOf(job)).toEqual([]);
  });
});
