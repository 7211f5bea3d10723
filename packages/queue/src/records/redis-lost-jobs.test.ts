import { JobError, type JobId, type JobRun } from '@styleflow/contracts';
import { type RedisServer, startRedis } from '@styleflow/testing';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { QueueConnection } from '../connect-queue.js';
import type { NewJob } from '../ports/job-record.js';
import type { RecordArchive } from '../ports/record-archive.js';
import { connectTest } from '../test-connection.js';
import { firstRun, someBundle, someJob } from '../test-jobs.js';

const FAILED = { status: 'failed', error: { code: 'internal', message: 'for a test' } } as const;

/** An archive in memory; `isDown` breaks it, `tombstones` are set by the test. */
class Archive implements RecordArchive {
  /** A text of null is damaged. */
  readonly ended = new Map<string, string | null>();
  readonly accepted = new Map<string, string>();
  readonly tombstones = new Map<string, { owner: string | null }>();
  readonly lastRuns = new Map<string, number>();
  sourceBytes = 0;
  isDown = false;
  readCustody = async () => null;
  writeCustody = async () => undefined;
  read = async ({ job, run }: JobRun) => this.ended.get(`${job}.${run}`) ?? null;
  write = async ({ job, run }: JobRun, text: string) => {
    this.refuse();
    this.ended.set(`${job}.${run}`, text);
  };
  accept = async (job: JobId, text: string) => {
    this.refuse();
    this.accepted.set(job, text);
  };
  keepBatch = async () => {};
  readBatch = async () => null;
  async *batches() {}
  tombstone = async (job: JobId) => this.tombstones.get(job) ?? null;
  find = async (job: JobId) => {
    const accepted = this.accepted.get(job) ?? null;
    const run = [2, 1].find((number) => this.ended.has(`${job}.${number}`));
    const lastRun = this.lastRuns.get(job) ?? run ?? 0;
    if (accepted === null && run === undefined && lastRun === 0) return null;
    const ended = run === undefined ? null : { run, text: this.ended.get(`${job}.${run}`) ?? null };
    return { accepted, ended, lastRun, sourceBytes: this.sourceBytes };
  };
  private refuse(): void {
    if (this.isDown) throw new JobError('storage_unavailable', 'for a test');
  }
}

describe('a Redis that forgot', () => {
  let archive: Archive;
  let server: RedisServer;
  let connection: QueueConnection;
  let redis: Redis;
  beforeAll(async () => {
    archive = new Archive();
    server = await startRedis();
    connection = await connectTest(server, { archive });
    redis = new Redis(server.url);
  });
  beforeEach(() => {
    archive.isDown = false;
  });
  afterAll(async () => {
    redis.disconnect();
    await connection.close();
    await server.stop();
  });

  async function accept(changes: Partial<NewJob> = {}): Promise<JobId> {
    return (await connection.records.create(someJob(changes))).id;
  }
  const run = (job: JobId, number = 1): JobRun => ({ job, run: number });

  it('is told again of a job that waited, which stands in all lists as before and may be retried later', async () => {
    const { records, lists, lostJobs } = connection;
    const id = await accept({ owner: 'anna', batch: 'b', idempotencyKey: 'k' });
    const before = await records.read(id);
    await redis.flushall();
    expect(await records.read(id)).toBeNull();
    const found = await lostJobs.bringBack(id);
    expect(found).toMatchObject({ outcome: 'back', wasKnown: false });
    const after = await records.read(id);
    expect({ ...after, revision: 0 }).toEqual({ ...before, revision: 0 });
    expect(after?.revision).toBeGreaterThan(1_000_000);
    expect((await lists.list({ owner: 'anna', status: 'queued', limit: 5 })).jobs).toHaveLength(1);
    expect((await lists.list({ batch: 'b', limit: 5 })).jobs).toHaveLength(1);
    expect(await lostJobs.bringBack(id)).toMatchObject({ outcome: 'back', wasKnown: true });
    expect(await records.beginPrepare(run(id))).toMatchObject({ status: 'preparing', attempts: 1 });
  });

  it('is told of an end as it was, and of nothing that would run again', async () => {
    const { records, lostJobs, endedJobs } = connection;
    const [failed, canceled] = [await accept(), await accept()];
    await records.beginPrepare(run(failed));
    await records.end(run(failed), FAILED);
    await records.end(run(canceled), { status: 'canceled' });
    const before = await records.read(failed);
    await redis.flushall();
    expect(await lostJobs.bringBack(canceled)).toMatchObject({ record: { status: 'canceled' } });
    expect(await lostJobs.bringBack(failed)).toMatchObject({ record: { ...before, revision: expect.any(Number) } });
    expect(await endedJobs.endedBefore(8.64e15, 10)).toEqual(expect.arrayContaining([failed, canceled]));
    expect(await endedJobs.archive(failed)).toBe(true);
    expect(await lostJobs.bringBack(failed)).toMatchObject({ wasKnown: true });
    expect((await records.startRetry(failed))?.run).toBe(2);
  });

  it('is told of the run that was under way: a retry, or the last one that has left anything', async () => {
    const { records, lostJobs } = connection;
    const retried = await accept();
    await records.beginPrepare(run(retried));
    await records.end(run(retried), FAILED);
    await records.startRetry(retried);
    const old = await accept();
    await records.end(run(old), FAILED);
    // A version before this one kept nothing at the acceptance.
    archive.accepted.delete(old);
    archive.lastRuns.set(old, 2);
    await redis.flushall();
    expect(await lostJobs.bringBack(retried)).toMatchObject({
      record: { run: 2, status: 'queued', finishedAt: null, attempts: 1 },
    });
    const { record } = (await lostJobs.bringBack(old)) as { record: object };
    expect(record).toMatchObject({ run: 2, status: 'queued', finishedAt: null });
    expect(record).not.toHaveProperty('error');
  });

  it('counts again what is stored for its owner, and looks again for media that may be due', async () => {
    const { records, lostJobs, endedJobs } = connection;
    const quota = { storedBytes: 150 };
    const id = await accept({ owner: 'counted', stored: { bytes: 100 }, quota });
    await records.end(run(id), FAILED);
    const endedAt = Date.parse((await records.read(id))?.finishedAt ?? '');
    await redis.flushall();
    await endedJobs.raiseMediaMark(endedAt + 1);
    archive.sourceBytes = 100;
    expect(await lostJobs.bringBack(id)).toMatchObject({ outcome: 'back' });
    archive.sourceBytes = 0;
    expect(await endedJobs.mediaMark()).toBe(endedAt);
    const another = () => accept({ owner: 'counted', stored: { bytes: 100 }, quota });
    await expect(another()).rejects.toMatchObject({ code: 'rate_limited' });
    await records.bury(id);
    await another();
  });

  it('counts once what a run kept of a source elsewhere, whatever is left of the count, and gives it back whole', async () => {
    const { records, lostJobs } = connection;
    const quota = { storedBytes: 150 };
    const source = { type: 'url', url: 'https://example.org/a.mp4' } as const;
    const id = await accept({ owner: 'keeper', source });
    await records.beginPrepare(run(id));
    await records.requestCancel(id);
    // The video lies there, though the run is not wanted any more.
    await records.noteKept(run(id), 100);
    const another = () => accept({ owner: 'keeper', stored: { bytes: 60 }, quota });
    await expect(another()).rejects.toMatchObject({ code: 'rate_limited' });
    // The record alone is lost.
    await redis.del((await redis.keys(`*job/${id}`))[0] ?? '');
    archive.sourceBytes = 100;
    expect(await lostJobs.bringBack(id)).toMatchObject({ record: { status: 'queued' } });
    archive.sourceBytes = 0;
    await records.noteKept(run(id), 80);
    const smaller = await accept({ owner: 'keeper', stored: { bytes: 70 }, quota });
    await records.bury(id);
    await records.bury(smaller);
    await accept({ owner: 'keeper', stored: { bytes: 150 }, quota });
  });

  it('does not begin anew what had ended, though nobody can tell how', async () => {
    const { records, lostJobs } = connection;
    const id = await accept();
    await records.end(run(id), FAILED);
    archive.ended.set(`${id}.1`, null);
    await redis.flushall();
    expect(await lostJobs.bringBack(id)).toEqual({ outcome: 'unrecoverable' });
  });

  it('does not get back what was deleted, nor what nothing is known of', async () => {
    const { records, lostJobs } = connection;
    const [deleted, buried] = [await accept({ owner: 'anna' }), await accept()];
    archive.tombstones.set(deleted, { owner: 'anna' });
    await redis.flushall();
    expect(await lostJobs.bringBack(deleted)).toEqual({ outcome: 'gone', owner: 'anna' });
    await records.bury(buried);
    expect(await lostJobs.bringBack(buried)).toMatchObject({ outcome: 'gone' });
    expect(await records.read(buried)).toBeNull();
    expect(await lostJobs.bringBack(someJob().id)).toEqual({ outcome: 'unknown' });
    const { id } = someJob();
    archive.lastRuns.set(id, 1);
    expect(await lostJobs.bringBack(id)).toEqual({ outcome: 'unrecoverable' });
  });

  it('gets tombstones again for as long as they would have stood', async () => {
    const { clock, records, lostJobs } = connection;
    const [young, old] = [someJob().id, someJob().id];
    const now = await clock.now();
    expect(await lostJobs.buryAgain(young, now - 3_600_000)).toBe(true);
    expect(await records.isBuried(young)).toBe(true);
    expect(await lostJobs.buryAgain(old, now - 25 * 3_600_000)).toBe(false);
    expect(await records.isBuried(old)).toBe(false);
  });

  it('lists what the archive could not keep at the acceptance, until it has', async () => {
    const { lostJobs, records } = connection;
    archive.isDown = true;
    const [id, deleted] = [await accept(), await accept()];
    await records.bury(deleted);
    archive.isDown = false;
    expect(await lostJobs.unkept(10)).toContain(id);
    expect(await lostJobs.unkept(10)).not.toContain(deleted);
    await lostJobs.keep(id);
    expect(await lostJobs.unkept(10)).not.toContain(id);
    await redis.flushall();
    expect(await lostJobs.bringBack(id)).toMatchObject({ outcome: 'back' });
  });

  it('is told again of bundles, whose order stays where it was known', async () => {
    const { announcements } = connection;
    const [first, second] = [someBundle(), someBundle()];
    await announcements.rememberBundle(first);
    await announcements.rememberBundle(second);
    await announcements.recallBundle(first);
    expect((await announcements.bundles()).slice(0, 2)).toEqual([second, first]);
    await redis.flushall();
    await announcements.recallBundle(first);
    expect(await announcements.bundles()).toEqual([first]);
  });

  it('is told again which store is its, by the first who knows', async () => {
    const { storeRegister } = connection;
    await redis.flushall();
    expect(await storeRegister.known()).toBeNull();
    expect(await storeRegister.remember('sto_a')).toEqual({ id: 'sto_a', isMarked: false });
    expect(await storeRegister.remember('sto_b')).toEqual({ id: 'sto_a', isMarked: false });
    await storeRegister.confirm('sto_b');
    expect(await storeRegister.known()).toEqual({ id: 'sto_a', isMarked: false });
    await storeRegister.confirm('sto_a');
    expect(await storeRegister.known()).toEqual({ id: 'sto_a', isMarked: true });
  });

  it('is counted through in the order of ids, page by page', async () => {
    const { records, endedJobs, census } = connection;
    await redis.flushall();
    const ids: JobId[] = [];
    for (let count = 0; count < 205; count += 1) ids.push(await accept());
    const [ended = '' as JobId] = ids;
    await records.end(firstRun({ id: ended }), FAILED);
    await endedJobs.archive(ended);
    const lines = [];
    for await (const page of census.jobs()) lines.push(...page);
    expect(lines.map(({ job }) => job)).toEqual([...ids].sort());
    const shape = { run: 1, status: 'queued', isUpload: false, isArchived: false, createdAt: expect.any(String) };
    expect(lines.find(({ job }) => job === ids[1])).toEqual({ job: ids[1], ...shape });
    expect(lines.find(({ job }) => job === ended)).toMatchObject({ status: 'failed', isArchived: true });
  });
});
