import { JobError, type JobId, type JobRun } from '@styleflow/contracts';
import { type RedisServer, startRedis } from '@styleflow/testing';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { QueueConnection } from '../connect-queue.js';
import type { NewJob } from '../ports/job-record.js';
import type { RecordArchive } from '../ports/record-archive.js';
import { recordKeys } from '../redis/record-keys.js';
import { connectTest } from '../test-connection.js';
import { claimKey, firstRun, someJob } from '../test-jobs.js';
import { recordLookup } from './record-lookup.js';
import { redisJobRecords } from './redis-job-records.js';

const FAILED = { status: 'failed', error: { code: 'internal', message: 'for a test' } } as const;
const FUTURE = 8.64e15;

describe('the record of a job that ended a while ago', () => {
  const texts = new Map<string, string>();
  const nameOf = ({ job, run }: JobRun): string => `${job}.${run}`;
  let onWrite: () => Promise<void>;
  let isDown: boolean;
  const archive: RecordArchive = {
    async read(run) {
      if (isDown) throw new JobError('storage_unavailable', 'for a test');
      return texts.get(nameOf(run)) ?? null;
    },
    async write(run, text) {
      if (isDown) throw new JobError('storage_unavailable', 'for a test');
      await onWrite();
      texts.set(nameOf(run), text);
    },
    accept: async () => {},
    readCustody: async () => null,
    writeCustody: async () => undefined,
    find: async () => null,
    keepBatch: async () => undefined,
    readBatch: async () => null,
    batches: async function* () {},
    tombstone: async () => null,
  };
  let server: RedisServer;
  let connection: QueueConnection;
  let redis: Redis;
  beforeAll(async () => {
    server = await startRedis();
    connection = await connectTest(server, { archive });
    redis = new Redis(server.url);
  });
  beforeEach(() => {
    onWrite = async () => {};
    isDown = false;
  });
  afterAll(async () => {
    redis.disconnect();
    await connection.close();
    await server.stop();
  });

  async function endedJob(changes: Partial<NewJob> = {}): Promise<JobId> {
    const job = someJob(changes);
    await connection.records.create(job);
    await connection.records.beginPrepare(firstRun(job));
    await connection.records.end(firstRun(job), FAILED);
    return job.id;
  }
  const isInRedis = async (id: JobId): Promise<boolean> => (await redis.exists(recordKeys.job(id))) === 1;

  it('leaves Redis and reads as before, alone, among others and in lists', async () => {
    const { records, lists, endedJobs } = connection;
    const [older, newer] = [await endedJob({ owner: 'reader' }), await endedJob({ owner: 'reader' })];
    const before = await records.readMany([newer, older]);
    expect(await endedJobs.unarchivedBefore(FUTURE, 10)).toEqual([older, newer]);
    expect(await endedJobs.unarchivedBefore(Date.parse(before[1]?.finishedAt ?? ''), 10)).toEqual([]);
    expect(await endedJobs.archive(older)).toBe(true);
    expect([await isInRedis(older), await isInRedis(newer)]).toEqual([false, true]);
    expect(await endedJobs.unarchivedBefore(FUTURE, 10)).toEqual([newer]);
    expect(await records.read(older)).toEqual(before[1]);
    expect(await records.readMany([newer, older])).toEqual(before);
    expect((await lists.list({ owner: 'reader', status: 'failed', limit: 10 })).jobs).toEqual(before);
    expect(await endedJobs.endedBefore(FUTURE, 10)).toEqual([older, newer]);
    await endedJobs.archive(newer);
  });

  it('moves once, and not before its end', async () => {
    const { records, endedJobs } = connection;
    const job = someJob();
    await records.create(job);
    expect(await endedJobs.archive(job.id)).toBe(false);
    await records.end(firstRun(job), { status: 'canceled' });
    expect([await endedJobs.archive(job.id), await endedJobs.archive(job.id)]).toEqual([true, false]);
    expect(await endedJobs.archive(someJob().id)).toBe(false);
  });

  it('changes no more: its end, a wish to cancel and a second creation find it as it is', async () => {
    const { records, endedJobs } = connection;
    const job = someJob();
    await records.create(job);
    await records.end(firstRun(job), FAILED);
    const ended = await records.read(job.id);
    await endedJobs.archive(job.id);
    expect(await records.end(firstRun(job), { status: 'canceled' })).toBe(false);
    expect(await records.isWanted(firstRun(job))).toBe(false);
    expect(await records.beginPrepare(firstRun(job))).toBeNull();
    expect(await records.countClip(firstRun(job), 0, 0)).toBe(0);
    expect(await records.requestCancel(job.id)).toEqual(ended);
    expect(await records.create({ ...job, metadata: { other: true } })).toEqual(ended);
    expect(await isInRedis(job.id)).toBe(false);
  });

  it('is back in Redis for a retry, whose own end is archived beside the first', async () => {
    const { records, lists, endedJobs } = connection;
    const id = await endedJob({ owner: 'again', batch: 'b' });
    const first = await records.read(id);
    await endedJobs.archive(id);
    const retried = await records.startRetry(id);
    expect(retried).toMatchObject({ status: 'queued', run: 2, owner: 'again', metadata: { ticket: 7 }, attempts: 1 });
    expect(retried?.createdAt).toBe(first?.createdAt);
    expect(await endedJobs.unarchivedBefore(FUTURE, 10)).toEqual([]);
    expect((await lists.list({ batch: 'b', status: 'failed', limit: 1 })).jobs).toEqual([]);
    expect((await lists.list({ batch: 'b', status: 'queued', limit: 1 })).jobs).toEqual([retried]);
    await records.end({ job: id, run: 2 }, { status: 'canceled' });
    const second = await records.read(id);
    await endedJobs.archive(id);
    expect(await records.read(id)).toEqual(second);
    expect([...texts.keys()].filter((name) => name.startsWith(id))).toEqual([`${id}.1`, `${id}.2`]);
  });

  it('of a job that succeeded is not retried, and can be archived again', async () => {
    const { records, endedJobs } = connection;
    const job = someJob();
    await records.create(job);
    await records.beginPrepare(firstRun(job));
    await records.end(firstRun(job), { status: 'succeeded', verdict: { label: 'real', score: 0.1, threshold: 0.2 } });
    const ended = await records.read(job.id);
    await endedJobs.archive(job.id);
    expect(await records.startRetry(job.id)).toBeNull();
    expect(await endedJobs.unarchivedBefore(FUTURE, 10)).toEqual([job.id]);
    expect(await endedJobs.archive(job.id)).toBe(true);
    expect(await records.read(job.id)).toEqual(ended);
  });

  it('stays the newest one when an archivist comes late', async () => {
    const { records, endedJobs } = connection;
    const id = await endedJob();
    // The process that archives run 1 is held up while run 2 begins, ends and is archived.
    onWrite = async () => {
      onWrite = async () => {};
      await records.startRetry(id);
      await records.end({ job: id, run: 2 }, { status: 'canceled' });
      expect(await endedJobs.archive(id)).toBe(true);
    };
    expect(await endedJobs.archive(id)).toBe(false);
    expect(await records.read(id)).toMatchObject({ run: 2, status: 'canceled' });
  });

  it('is in Redis until it is whole in the archive, and unread while the archive is away', async () => {
    const { records, endedJobs } = connection;
    const id = await endedJob();
    isDown = true;
    await expect(endedJobs.archive(id)).rejects.toThrow(expect.objectContaining({ code: 'storage_unavailable' }));
    expect(await records.read(id)).toMatchObject({ status: 'failed' });
    isDown = false;
    await endedJobs.archive(id);
    isDown = true;
    await expect(records.read(id)).rejects.toThrow(expect.objectContaining({ code: 'storage_unavailable' }));
    await expect(records.startRetry(id)).rejects.toThrow(expect.objectContaining({ code: 'storage_unavailable' }));
    isDown = false;
    expect(await records.startRetry(id)).toMatchObject({ run: 2 });
  });

  /** The keys of all jobs that name this one: sorted sets, and the hash of what lists are narrowed by. */
  async function listsWith(id: JobId): Promise<string[]> {
    const found: string[] = [];
    for (const key of await redis.keys('*/jobs/*')) {
      const isHash = (await redis.type(key)) === 'hash';
      if (isHash ? (await redis.hexists(key, id)) === 1 : (await redis.zscore(key, id)) !== null) found.push(key);
    }
    return found;
  }

  it('is buried with its indexes and its idempotency key', async () => {
    const { records, endedJobs, claims } = connection;
    await claimKey(claims, 'heir', 'key', 'print');
    const id = await endedJob({ owner: 'heir', idempotencyKey: 'key' });
    await endedJobs.archive(id);
    expect(await claimKey(claims, 'heir', 'key', 'print')).toEqual({ outcome: 'same', job: id });
    await records.bury(id);
    expect([await records.read(id), await records.isBuried(id)]).toEqual([null, true]);
    expect(await claimKey(claims, 'heir', 'key', 'print')).toMatchObject({ outcome: 'mine' });
    expect(await listsWith(id)).toEqual([]);
  });

  it('reads as unknown when the archive has lost it, and leaves the lists of all with its burial', async () => {
    const { records, endedJobs } = connection;
    const id = await endedJob();
    await endedJobs.archive(id);
    texts.delete(`${id}.1`);
    expect([await records.read(id), await records.startRetry(id)]).toEqual([null, null]);
    await records.bury(id);
    expect(await endedJobs.endedBefore(FUTURE, 1_000)).not.toContain(id);
    expect((await redis.zrange(recordKeys.indexes({}, ['failed'])[0] ?? '', '0', '-1')).includes(id)).toBe(false);
  });

  it("that cannot be read is an error of its own, stands in no list's way, and is buried in time", async () => {
    const { records, endedJobs } = connection;
    const [broken, other] = [await endedJob(), await endedJob()];
    await endedJobs.archive(broken);
    texts.set(`${broken}.1`, '{"v":2}');
    await expect(records.read(broken)).rejects.toThrow(expect.objectContaining({ code: 'gone' }));
    expect(await records.standing(broken)).toMatchObject({ id: broken, run: 1, status: 'failed' });
    expect((await records.readMany([broken, other])).map(({ id }) => id)).toEqual([other]);
    expect(await records.startRetry(broken)).toBeNull();
    await records.bury(broken);
    expect([await records.read(broken), await records.isBuried(broken)]).toEqual([null, true]);
  });

  it('is found where it has gone by whoever looked for it in Redis a moment before', async () => {
    const { endedJobs, claims } = connection;
    await claimKey(claims, 'racer', 'key', 'print');
    const [retried, buried] = [await endedJob(), await endedJob({ owner: 'racer', idempotencyKey: 'key' })];
    const look = recordLookup(redis, archive);
    const restoration = async (id: JobId): Promise<(string | number)[]> => {
      const answer = await look.restoration(id);
      await endedJobs.archive(id);
      return answer;
    };
    const rival = redisJobRecords(redis, archive, { ...look, restoration }, { maxUnfinished: 10 });
    expect(await rival.startRetry(retried)).toMatchObject({ run: 2, status: 'queued' });
    await rival.bury(buried);
    expect(await claimKey(claims, 'racer', 'key', 'print')).toMatchObject({ outcome: 'mine' });
    expect(await listsWith(buried)).toEqual([]);
  });

  it('deleted by a version that knows of no archive, is not waited for', async () => {
    const { endedJobs } = connection;
    const id = await endedJob();
    // It wrote none at the end, either.
    texts.delete(`${id}.1`);
    await redis.del(recordKeys.job(id));
    expect(await endedJobs.archive(id)).toBe(false);
    expect(await endedJobs.unarchivedBefore(FUTURE, 1_000)).not.toContain(id);
    expect(texts.has(`${id}.1`)).toBe(false);
  });
});
