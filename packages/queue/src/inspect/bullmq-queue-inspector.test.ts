import { entryId, JobError } from '@styleflow/contracts';
import { until } from '@styleflow/testing';
import { describe, expect, it } from 'vitest';
import { someScore } from '../test-jobs.js';
import { type InspectorFixture, poisoned, useInspector } from './test-inspector.js';

describe('the queue inspector', () => {
  let raw: InspectorFixture['raw'];
  let connection: InspectorFixture['connection'];
  let inspector: InspectorFixture['inspector'];
  let workers: InspectorFixture['workers'];
  let run: InspectorFixture['run'];
  let scoreQueue: InspectorFixture['scoreQueue'];
  let addClips: InspectorFixture['addClips'];
  let page: InspectorFixture['page'];
  let walk: InspectorFixture['walk'];
  let score: InspectorFixture['score'];
  useInspector((fixture) => {
    ({ raw, connection, inspector, workers, run, scoreQueue, addClips, page, walk, score } = fixture);
  });

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
});
