import type { BundleFacts } from '@styleflow/contracts';
import { type EntryFacts, type EntryState, entryId, JobError, type JobRun } from '@styleflow/contracts';
import { type RedisServer, startRedis, until } from '@styleflow/testing';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { QueueConnection } from '../connect-queue.js';
import type { StageWorker } from '../ports/job-queue.js';
import type { QueueInspector } from '../ports/queue-inspector.js';
import { connectTest } from '../test-connection.js';
import { firstRun, someBundle, someJob, somePrepare, someScore } from '../test-jobs.js';

describe('the queue inspector', () => {
  let server: RedisServer;
  let raw: Redis;
  let connection: QueueConnection;
  let inspector: QueueInspector;
  let workers: StageWorker[];
  let run: JobRun;
  let bundle: BundleFacts;
  let scoreQueue: string;

  beforeAll(async () => {
    server = await startRedis();
    raw = new Redis(server.url);
  });
  beforeEach(async () => {
    await raw.flushall();
    connection = await connectTest(server);
    ({ inspector } = connection);
    workers = [];
    run = firstRun(someJob());
    bundle = someBundle();
    scoreQueue = `score.${bundle.digest.slice(0, 12)}`;
    await connection.queue.addFlow(somePrepare(run, { bundle: { id: bundle.id, digest: bundle.digest } }));
  });
  afterEach(async () => {
    await Promise.all(workers.map((worker) => worker.close(0)));
    await connection.close();
  });
  afterAll(async () => {
    raw.disconnect();
    await server.stop();
  });

  const addClips = async (count: number, priority = 5): Promise<void> => {
    for (let clip = 0; clip < count; clip += 1) {
      await connection.queue.addScore(someScore(run, priority, clip), bundle.digest, priority);
    }
  };
  const page = async (queue: string, state: EntryState, limit = 50) =>
    (await inspector.entries(queue, { state, limit })).entries;
  async function walk(queue: string, state: EntryState, limit: number): Promise<EntryFacts[]> {
    const seen: EntryFacts[] = [];
    for (let cursor: string | undefined; ; ) {
      const { entries, nextCursor } = await inspector.entries(queue, { state, limit, cursor });
      expect(entries.length).toBeLessThanOrEqual(limit);
      seen.push(...entries);
      if (nextCursor === null) return seen;
      cursor = nextCursor;
    }
  }
  const score = (fail: (clip: number) => JobError | null, concurrency = 1): void => {
    workers.push(
      connection.queue.workScore(
        async ({ payload }) => {
          const error = fail(payload.clip);
          if (error) throw error;
        },
        { concurrency, bundleDigest: bundle.digest },
      ),
    );
  };
  const poisoned = () => new JobError('inference_failed', 'a poisoned clip', { retryable: false });

  it('shows what each entry is, without its payload', async () => {
    const [waiting] = await page('prepare', 'waiting');
    expect(waiting).toMatchObject({
      ...{ id: entryId.prepare(run), queue: 'prepare', state: 'waiting', ...run, stage: 'prepare', track: null },
      ...{ turn: 1, attempts: { started: 0, failed: 0, allowed: 4 }, takeovers: 0, startedAt: null },
      ...{ retryAt: null, takenBy: null, lockSeconds: null, error: null },
    });
    expect(waiting?.ageSeconds).toBeLessThan(60);
    expect(await page('finish', 'waiting-children')).toMatchObject([{ id: entryId.finish(run), turn: null }]);
    expect(await page('finish', 'waiting')).toEqual([]);
  });

  it('lists waiting entries page by page in the order in which they will be taken', async () => {
    await addClips(7, 2);
    await addClips(7, 8);
    const order = (await walk(scoreQueue, 'waiting', 100)).map(({ id }) => id);
    expect(order).toEqual(
      [8, 2].flatMap((track) => Array.from({ length: 7 }, (_, clip) => entryId.score({ ...run, track, clip }))),
    );
    for (const limit of [1, 4, 14])
      expect((await walk(scoreQueue, 'waiting', limit)).map(({ id }) => id)).toEqual(order);
  });

  it('goes on behind the entry that it showed last, though that one has left meanwhile', async () => {
    await addClips(6);
    const ids = (await page(scoreQueue, 'waiting')).map(({ id }) => id);
    const first = await inspector.entries(scoreQueue, { state: 'waiting', limit: 3 });
    await raw.zrem(`{styleflow}:${scoreQueue}:prioritized`, ids[1] ?? '', ids[2] ?? '');
    const rest = await inspector.entries(scoreQueue, { state: 'waiting', limit: 3, cursor: first.nextCursor ?? '' });
    expect(rest.entries.map(({ id }) => id)).toEqual(ids.slice(3));
  });

  it('shows newest failures first, each with its code, its sentence and the worker that had it', async () => {
    await addClips(5);
    score(poisoned);
    await until('all have failed', async () => (await page(scoreQueue, 'failed')).length === 5);
    const failed = await walk(scoreQueue, 'failed', 2);
    expect(failed.map(({ clip }) => clip)).toEqual([4, 3, 2, 1, 0]);
    expect(failed[0]).toMatchObject({
      ...{ stage: 'score', state: 'failed', attempts: { started: 1, failed: 1, allowed: 4 }, lockSeconds: null },
      error: { code: 'inference_failed', message: 'a poisoned clip' },
      takenBy: { pid: process.pid },
    });
    expect(failed[0]?.finishedAt).toMatch(/Z$/);
  });

  it('shows who holds an active entry and until when its lock lasts', async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    workers.push(connection.queue.workPrepare(() => held, { concurrency: 1 }));
    const [active] = await until('it is active', async () => {
      const entries = await page('prepare', 'active');
      return entries.length === 1 ? entries : undefined;
    });
    expect(active).toMatchObject({ id: entryId.prepare(run), takenBy: { pid: process.pid }, attempts: { started: 1 } });
    expect(active?.lockSeconds).toBeGreaterThan(0);
    expect(active?.lockSeconds).toBeLessThanOrEqual(30);
    release();
  });

  it('shows when a delayed entry is tried again, and every failure so far', async () => {
    await addClips(1);
    let attempts = 0;
    score(() => {
      attempts += 1;
      // The entry stays delayed during the test, because no worker is left to start it a third time.
      if (attempts === 2) void workers[0]?.close(60_000);
      return new JobError('inference_failed', 'the device failed');
    });
    const id = entryId.score({ ...run, track: 5, clip: 0 });
    const inside = await until('it has failed twice', async () => {
      const entry = await inspector.entry(scoreQueue, id);
      return entry?.state === 'delayed' && entry.attempts.failed === 2 ? entry : undefined;
    });
    expect(Date.parse(inside.retryAt ?? '')).toBeGreaterThan(Date.parse(inside.startedAt ?? ''));
    expect((await page(scoreQueue, 'delayed'))[0]?.retryAt).toBe(inside.retryAt);
    expect(inside.error).toEqual({ code: 'inference_failed', message: 'the device failed' });
    expect(inside.failures).toMatchObject([
      { code: 'inference_failed', message: 'the device failed', worker: expect.stringMatching(`:${process.pid}$`) },
      { code: 'inference_failed', at: expect.stringMatching(/Z$/) },
    ]);
  });

  it('shows what an entry waits for that has not failed', async () => {
    await addClips(1);
    score(() => {
      void workers[0]?.close(60_000);
      return new JobError('storage_unavailable', 'the store is away');
    });
    const id = entryId.score({ ...run, track: 5, clip: 0 });
    const inside = await until('it waits', async () => {
      const entry = await inspector.entry(scoreQueue, id);
      return entry?.state === 'delayed' ? entry : undefined;
    });
    expect(inside).toMatchObject({
      attempts: { started: 1, failed: 0 },
      error: { code: 'storage_unavailable', message: 'the store is away' },
      failures: [],
      payload: { waited: { away: 'store', times: 1 } },
      payloadProblem: null,
    });
  });

  it('knows the queue of a worker that waits for its first clip', async () => {
    const bundleDigest = 'fedcba987654'.repeat(6).slice(0, 64);
    workers.push(connection.queue.workScore(async () => {}, { concurrency: 1, bundleDigest }));
    await until('the queue is known', () => inspector.pause('score.fedcba987654').then(() => true));
    const depths = await connection.queue.depths();
    expect(depths.find(({ name }) => name === 'score.fedcba987654')).toMatchObject({ waiting: 0, paused: true });
  });

  it('shows the payload of one entry, its parent and its children with how they ended', async () => {
    await addClips(3);
    expect(await inspector.entry(scoreQueue, entryId.score({ ...run, track: 5, clip: 1 }))).toMatchObject({
      payload: someScore(run, 5, 1),
      payloadProblem: null,
      parent: { queue: 'finish', id: entryId.finish(run) },
      children: null,
      failures: [],
    });
    score((clip) => (clip === 1 ? poisoned() : null));
    const finish = await until('the clips have ended', async () => {
      const entry = await inspector.entry('finish', entryId.finish(run));
      return entry?.children?.open === 1 ? entry : undefined;
    });
    expect(finish).toMatchObject({ state: 'waiting-children', children: { open: 1, completed: 2, failed: 1 } });
    expect(finish.children?.entries.map(({ id, outcome }) => [id, outcome])).toEqual([
      [entryId.score({ ...run, track: 5, clip: 1 }), 'failed'],
      [entryId.prepare(run), 'open'],
      ...[0, 2].map((clip) => [entryId.score({ ...run, track: 5, clip }), 'completed']),
    ]);
  });

  it('takes an entry out that is none of ours, and no other', async () => {
    await addClips(1);
    await raw.hset(`{styleflow}:${scoreQueue}:by-hand`, { data: '[]' });
    await raw.lpush(`{styleflow}:${scoreQueue}:wait`, 'by-hand');
    expect(await inspector.remove(scoreQueue, 'by-hand')).toBe(true);
    expect(await inspector.remove(scoreQueue, 'by-hand')).toBe(false);
    expect((await page(scoreQueue, 'waiting')).map(({ id }) => id)).toEqual([
      entryId.score({ ...run, track: 5, clip: 0 }),
    ]);
  });

  it('lists and shows entries whose payload or fields nobody can read', async () => {
    await addClips(2);
    const key = (clip: number): string => `{styleflow}:${scoreQueue}:${entryId.score({ ...run, track: 5, clip })}`;
    await raw.hset(key(0), { data: '{"v":1,', timestamp: 'yesterday', ats: '-3', stacktrace: 'no list', pb: '?' });
    await raw.hset(key(1), { data: '{"v":2}', failedReason: 'x'.repeat(1_000_000) });
    await raw.hset(`{styleflow}:${scoreQueue}:by-hand`, { data: '[]' });
    await raw.lpush(`{styleflow}:${scoreQueue}:wait`, 'by-hand');
    const listed = await page(scoreQueue, 'waiting');
    expect(listed).toMatchObject([
      { id: 'by-hand', job: null, stage: null, addedAt: null },
      { clip: 0, addedAt: null, takenBy: null, attempts: { started: 0 } },
      { clip: 1 },
    ]);
    expect(listed[2]?.error?.message.length).toBeLessThan(3_000);
    expect(await inspector.entry(scoreQueue, listed[1]?.id ?? '')).toMatchObject({
      payload: '{"v":1,',
      payloadProblem: expect.stringContaining('not JSON'),
      failures: [],
    });
    expect(await inspector.entry(scoreQueue, listed[2]?.id ?? '')).toMatchObject({
      payload: { v: 2 },
      payloadProblem: expect.stringContaining('v'),
    });
    expect((await inspector.entry(scoreQueue, 'by-hand'))?.payloadProblem).toContain('not made by this product');
  });

  it('knows neither other keys of a queue nor queues that are not there, and remembers none', async () => {
    expect(await inspector.entry('prepare', 'meta')).toBeNull();
    expect(await inspector.entry('prepare', 'x:lock')).toBeNull();
    const notThere = { code: 'not_found', message: expect.stringContaining('there are prepare, finish') };
    await expect(inspector.entries('nowhere', { state: 'failed', limit: 1 })).rejects.toMatchObject(notThere);
    await expect(inspector.pause('score.000000000000')).rejects.toMatchObject(notThere);
    expect((await connection.queue.depths()).map(({ name }) => name)).toEqual(['prepare', 'finish']);
    await expect(inspector.entries('prepare', { state: 'failed', limit: 1, cursor: 'wait:1:a' })).rejects.toMatchObject(
      {
        code: 'invalid_request',
      },
    );
  });

  it('stops a queue for workers old and new, lets running work end, and lets it go on', async () => {
    await addClips(3);
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const scored: number[] = [];
    const work = (): void => {
      workers.push(
        connection.queue.workScore(
          async ({ payload }) => {
            if (payload.clip === 0) await held;
            scored.push(payload.clip);
          },
          { concurrency: 1, bundleDigest: bundle.digest },
        ),
      );
    };
    work();
    await until('the first is taken', async () => (await page(scoreQueue, 'active')).length === 1);
    await inspector.pause(scoreQueue);
    await inspector.pause(scoreQueue);
    release();
    await until('the first has ended', async () => (await page(scoreQueue, 'completed')).length === 1);
    work();
    // An entry of another queue is taken, held back and handled. This proves that the workers had time to take one
    // here.
    let prepared = 0;
    workers.push(
      connection.queue.workPrepare(
        async () => {
          prepared += 1;
        },
        { concurrency: 1 },
      ),
    );
    await until('another queue moves', () => prepared === 1);
    expect(scored).toEqual([0]);
    const depth = async () => (await connection.queue.depths()).find(({ name }) => name === scoreQueue);
    expect(await depth()).toMatchObject({ paused: true, waiting: 2, active: 0, completed: 1 });
    await inspector.resume(scoreQueue);
    await until('the rest is scored', () => scored.length === 3);
    expect(await depth()).toMatchObject({ paused: false, waiting: 0 });
  });
});
