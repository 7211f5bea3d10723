import { mintJobId } from '@styleflow/contracts';
import { type RedisServer, startRedis } from '@styleflow/testing';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { QueueConnection } from '../connect-queue.js';
import { recordKeys } from '../redis/record-keys.js';
import { connectTest } from '../test-connection.js';
import { claimKey, firstRun, someJob } from '../test-jobs.js';

const VERDICT = { label: 'real', score: 0.1, threshold: 0.2 } as const;

describe('the record of a job', () => {
  let server: RedisServer;
  let connection: QueueConnection;
  beforeAll(async () => {
    server = await startRedis();
    connection = await connectTest(server);
  });
  afterAll(async () => {
    await connection.close();
    await server.stop();
  });

  it('is what was submitted, and a repeated creation changes nothing', async () => {
    const { records } = connection;
    const job = someJob({ batch: 'b/1', owner: 'a key' });
    const created = await records.create(job);
    expect(created).toMatchObject({
      ...job,
      run: 1,
      status: 'queued',
      attempts: 0,
      cancelRequested: false,
      revision: 1,
    });
    expect(created.progress).toEqual({
      percent: null,
      framesDecoded: 0,
      framesTotal: null,
      clipsPlanned: 0,
      clipsScored: 0,
    });
    expect(Math.abs(Date.parse(created.createdAt) - Date.now())).toBeLessThan(60_000);
    expect(await records.create({ ...job, metadata: { other: true } })).toEqual(created);
    expect(await records.read(job.id)).toEqual(created);
    expect(await records.read(mintJobId())).toBeNull();
    expect(await records.readMany([mintJobId(), job.id])).toEqual([created]);
  });

  it('walks from queued over preparing and scoring to its end', async () => {
    const { records } = connection;
    const job = someJob();
    const run = firstRun(job);
    await records.create(job);
    expect(await records.beginPrepare(run)).toMatchObject({ status: 'preparing', attempts: 1 });
    expect(await records.reportProgress(run, { framesDecoded: 50, framesTotal: 110, clipsPlanned: 1 })).toBe(true);
    expect(await records.beginScoring(run)).toBe(true);
    expect(await records.beginPrepare(run)).toMatchObject({ status: 'scoring', attempts: 2 });
    expect(await records.end(run, { status: 'succeeded', verdict: VERDICT })).toBe(true);
    const ended = await records.read(job.id);
    expect(ended).toMatchObject({
      status: 'succeeded',
      verdict: VERDICT,
      progress: { percent: 100, framesDecoded: 50 },
    });
    expect(ended?.startedAt).not.toBeNull();
    expect(ended?.finishedAt).not.toBeNull();
  });

  it('that ended with a code of a newer version can be read, with its sentence, and tried again', async () => {
    const { records } = connection;
    const { id } = await records.create(someJob());
    await records.end(firstRun({ id }), { status: 'failed', error: { code: 'media_corrupt', message: 'x' } });
    const raw = new Redis(server.url);
    await raw.hset(recordKeys.job(id), 'error', JSON.stringify({ code: 'audio_missing', message: 'It has no sound.' }));
    raw.disconnect();
    expect((await records.read(id))?.error).toEqual({ code: 'internal', message: 'It has no sound.' });
    expect(await records.startRetry(id)).toMatchObject({ run: 2, status: 'queued' });
  });

  it('is ended by exactly one of twenty callers', async () => {
    const { records } = connection;
    const job = someJob();
    await records.create(job);
    await records.beginPrepare(firstRun(job));
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        records.end(
          firstRun(job),
          index % 2 === 0
            ? { status: 'succeeded', verdict: VERDICT }
            : { status: 'failed', error: { code: 'internal', message: String(index) } },
        ),
      ),
    );
    expect(answers.filter(Boolean)).toHaveLength(1);
    const events = await records.eventsAfter(job.id, '');
    expect(
      events.filter(({ type, data }) => type === 'status' && 'status' in data && data.status !== 'queued'),
    ).toHaveLength(2);
  });

  it('refuses a success of a job that never began', async () => {
    const { records } = connection;
    const job = someJob();
    await records.create(job);
    await expect(records.end(firstRun(job), { status: 'succeeded', verdict: VERDICT })).rejects.toMatchObject({
      code: 'internal',
    });
    expect(await records.end(firstRun(job), { status: 'canceled' })).toBe(true);
  });

  it('takes no write once it has ended, is gone or has moved to another run', async () => {
    const { records } = connection;
    const ended = someJob();
    await records.create(ended);
    await records.end(firstRun(ended), { status: 'failed', error: { code: 'media_corrupt', message: 'broken' } });
    const retried = someJob();
    await records.create(retried);
    await records.end(firstRun(retried), { status: 'failed', error: { code: 'internal', message: 'oops' } });
    await records.startRetry(retried.id);
    const buried = someJob();
    await records.create(buried);
    await records.bury(buried.id);
    for (const job of [ended, retried, buried]) {
      const run = firstRun(job);
      const before = await records.read(job.id);
      expect(await records.isWanted(run)).toBe(false);
      expect(await records.beginPrepare(run)).toBeNull();
      expect(await records.beginScoring(run)).toBe(false);
      expect(await records.reportProgress(run, { framesDecoded: 9 })).toBe(false);
      expect(await records.countClip(run, 0, 0)).toBe(0);
      expect(await records.end(run, { status: 'canceled' })).toBe(false);
      expect(await records.read(job.id)).toEqual(before);
    }
  });

  it('counts a clip once, however often and by however many workers it is reported', async () => {
    const { records } = connection;
    const job = someJob();
    const run = firstRun(job);
    await records.create(job);
    await records.beginPrepare(run);
    const counts = await Promise.all(
      Array.from({ length: 12 }, (_, index) => records.countClip(run, index % 2, index % 3)),
    );
    expect(Math.max(...counts)).toBe(6);
    const { progress, revision } = (await records.read(job.id)) ?? {};
    expect(progress).toMatchObject({ clipsScored: 6, clipsPlanned: 6 });
    expect(await records.countClip(run, 0, 0)).toBe(6);
    expect(await records.read(job.id)).toMatchObject({ revision });
  });

  it('shows progress that never falls, whatever is reported in whatever order', async () => {
    const { records } = connection;
    const job = someJob();
    const run = firstRun(job);
    await records.create(job);
    await records.beginPrepare(run);
    await records.reportProgress(run, { framesDecoded: 30 });
    expect((await records.read(job.id))?.progress.percent).toBeNull();
    const seen: number[] = [];
    const look = async (): Promise<void> => {
      const progress = (await records.read(job.id))?.progress;
      seen.push(progress?.percent ?? -1);
    };
    await records.reportProgress(run, { framesTotal: 100 });
    await look();
    await records.reportProgress(run, { framesDecoded: 64, clipsPlanned: 2 });
    await look();
    await records.countClip(run, 0, 0);
    await look();
    // The stage starts again on another machine, and the container turns out to hold more frames than it promised.
    await records.beginPrepare(run);
    await records.reportProgress(run, { framesDecoded: 1, framesTotal: 400, clipsPlanned: 1 });
    await look();
    await records.reportProgress(run, { framesDecoded: 120, framesTotal: 90, clipsPlanned: 3 });
    await look();
    await records.countClip(run, 0, 1);
    await records.countClip(run, 0, 2);
    await records.beginScoring(run);
    await look();
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(seen.at(0)).toBeGreaterThan(0);
    expect(seen.at(-1)).toBe(99);
    expect((await records.read(job.id))?.progress).toMatchObject({ framesDecoded: 120, framesTotal: 120 });
    await records.end(run, { status: 'succeeded', verdict: VERDICT });
    expect((await records.read(job.id))?.progress.percent).toBe(100);
  });

  it('keeps a cancel wish, tells the run that it is not wanted and lets it end as canceled', async () => {
    const { records } = connection;
    const job = someJob();
    const run = firstRun(job);
    await records.create(job);
    await records.beginPrepare(run);
    expect(await records.requestCancel(mintJobId())).toBeNull();
    const wished = await records.requestCancel(job.id);
    expect(wished).toMatchObject({ status: 'preparing', cancelRequested: true });
    expect(await records.requestCancel(job.id)).toEqual(wished);
    expect(await records.isWanted(run)).toBe(false);
    expect(await records.reportProgress(run, { framesDecoded: 9 })).toBe(false);
    expect(await records.beginPrepare(run)).toBeNull();
    expect(await records.end(run, { status: 'canceled' })).toBe(true);
    expect(await records.requestCancel(job.id)).toMatchObject({ status: 'canceled' });
  });

  it('starts a retry only of a failed job, as the next run with fresh progress', async () => {
    const { records, endedJobs } = connection;
    const job = someJob();
    await records.create(job);
    expect(await records.startRetry(job.id)).toBeNull();
    await records.beginPrepare(firstRun(job));
    await records.reportProgress(firstRun(job), { framesDecoded: 10, framesTotal: 10, clipsPlanned: 1 });
    await records.end(firstRun(job), { status: 'failed', error: { code: 'inference_failed', message: 'no scores' } });
    expect(await endedJobs.endedBefore(Date.now() + 60_000, 1_000)).toContain(job.id);
    const answers = await Promise.all([records.startRetry(job.id), records.startRetry(job.id)]);
    expect(answers.filter((answer) => answer !== null)).toHaveLength(1);
    const second = { job: job.id, run: 2 };
    const record = await records.read(job.id);
    expect(record).toMatchObject({ run: 2, status: 'queued', attempts: 1, startedAt: null, finishedAt: null });
    expect(record).not.toHaveProperty('error');
    expect(record?.progress).toMatchObject({ percent: null, framesDecoded: 0, clipsPlanned: 0 });
    expect(await endedJobs.endedBefore(Date.now() + 60_000, 1_000)).not.toContain(job.id);
    expect(await records.beginPrepare(second)).toMatchObject({ status: 'preparing', attempts: 2 });
    expect(await records.end(second, { status: 'succeeded', verdict: VERDICT })).toBe(true);
  });

  it('refuses a job beyond the limit of unfinished ones, and takes it once another has ended', async () => {
    const own = await startRedis();
    const limited = await connectTest(own, { maxQueued: 2 });
    try {
      const [first, second, third] = [someJob(), someJob(), someJob()];
      await limited.records.create(first);
      await limited.records.create(second);
      await expect(limited.records.create(third)).rejects.toMatchObject({ code: 'queue_full' });
      expect(await limited.records.create(first)).toMatchObject({ id: first.id });
      expect(await limited.lists.countUnfinished()).toBe(2);
      await limited.records.end(firstRun(first), { status: 'canceled' });
      expect(await limited.records.create(third)).toMatchObject({ status: 'queued' });
    } finally {
      await limited.close();
      await own.stop();
    }
  });

  it('leaves a tombstone and nothing else when it is buried', async () => {
    const own = await startRedis();
    const { records, lists, endedJobs, claims, close } = await connectTest(own);
    try {
      const job = someJob({ batch: 'b', idempotencyKey: 'k' });
      await claimKey(claims, job.owner, 'k', 'f');
      await records.create(job);
      await records.beginPrepare(firstRun(job));
      await records.countClip(firstRun(job), 0, 0);
      await records.bury(job.id);
      await records.bury(job.id);
      expect(await records.isBuried(job.id)).toBe(true);
      expect(await endedJobs.buriedIds()).toEqual([job.id]);
      expect(await records.read(job.id)).toBeNull();
      expect((await lists.list({ limit: 10 })).jobs).toEqual([]);
      expect(await lists.countUnfinished()).toBe(0);
      expect(await endedJobs.pendingCleanups(10)).toEqual([firstRun(job)]);
      await expect(records.create(job)).rejects.toMatchObject({ code: 'gone' });
      expect(await claimKey(claims, job.owner, 'k', 'other')).toMatchObject({ outcome: 'mine' });
    } finally {
      await close();
      await own.stop();
    }
  });

  it('whose creation nobody knows of is precluded for good, unless it is there', async () => {
    const { records } = connection;
    const [made, lost] = [someJob(), someJob()];
    await records.create(made);
    expect(await records.preclude(made.id)).toBe(false);
    expect(await records.read(made.id)).toMatchObject({ status: 'queued' });
    expect(await records.preclude(lost.id)).toBe(true);
    expect(await records.isBuried(lost.id)).toBe(true);
    await expect(records.create(lost)).rejects.toMatchObject({ code: 'gone' });
  });
});
