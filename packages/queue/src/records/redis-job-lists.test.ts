import type { JobId } from '@styleflow/contracts';
import { type RedisServer, startRedis } from '@styleflow/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { QueueConnection } from '../connect-queue.js';
import type { JobLists, Narrowing } from '../ports/job-lists.js';
import { connectTest } from '../test-connection.js';
import { firstRun, someJob } from '../test-jobs.js';

/** Longer than what is kept of a name. */
const LONG = { metadata: { file: 'a name that is much longer than what is kept of it, to its end.mp4' } };

type Query = Omit<Parameters<JobLists['list']>[0], 'limit' | 'cursor'>;

describe('lists of jobs', () => {
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

  async function walk(query: Query, limit: number): Promise<JobId[][]> {
    const pages: JobId[][] = [];
    for (let cursor: string | undefined; ; ) {
      const page = await connection.lists.list({ ...query, limit, ...(cursor !== undefined && { cursor }) });
      pages.push(page.jobs.map(({ id }) => id));
      if (page.nextCursor === null) return pages;
      cursor = page.nextCursor;
    }
  }

  it('pages newest first without a gap or a repetition, also over jobs of the same millisecond', async () => {
    const { records } = connection;
    const jobs = Array.from({ length: 23 }, () => someJob({ owner: 'pager' }));
    await Promise.all(jobs.map((job) => records.create(job)));
    const newestFirst = jobs.map(({ id }) => id).sort((a, b) => (a < b ? 1 : -1));
    for (const limit of [1, 5, 23, 100]) expect((await walk({ owner: 'pager' }, limit)).flat()).toEqual(newestFirst);
  });

  it('neither misses nor repeats a job that changes its status between two pages', async () => {
    const { records, lists } = connection;
    const jobs = Array.from({ length: 9 }, () => someJob({ owner: 'mover' }));
    await Promise.all(jobs.map((job) => records.create(job)));
    const first = await lists.list({ owner: 'mover', limit: 4 });
    for (const job of jobs) await records.beginPrepare(firstRun(job));
    const rest = await lists.list({ owner: 'mover', limit: 100, cursor: first.nextCursor ?? '' });
    const seen = [...first.jobs, ...rest.jobs].map(({ id }) => id);
    expect(new Set(seen)).toEqual(new Set(jobs.map(({ id }) => id)));
    expect(seen).toHaveLength(9);
  });

  it('keeps owners, statuses and batches apart', async () => {
    const { records, lists } = connection;
    const [mine, ended, other] = [
      someJob({ owner: 'me', batch: 'one' }),
      someJob({ owner: 'me', batch: 'one' }),
      someJob({ owner: 'me/../you' }),
    ];
    await Promise.all([mine, ended, other].map((job) => records.create(job)));
    await records.end(firstRun(ended), { status: 'canceled' });
    expect(new Set((await walk({ owner: 'me' }, 1)).flat())).toEqual(new Set([mine.id, ended.id]));
    expect((await walk({ owner: 'me', status: 'queued' }, 9)).flat()).toEqual([mine.id]);
    expect((await walk({ owner: 'me', status: 'canceled', batch: 'one' }, 9)).flat()).toEqual([ended.id]);
    expect((await walk({ owner: 'you', batch: 'one' }, 9)).flat()).toEqual([]);
    expect((await walk({ owner: 'me/../you' }, 9)).flat()).toEqual([other.id]);
    expect(await lists.countUnfinished('me')).toBe(1);
  });

  it('refuses a cursor that it never gave', async () => {
    await expect(connection.lists.list({ limit: 1, cursor: '(x' })).rejects.toMatchObject({
      code: 'invalid_request',
    });
  });

  it('walks unfinished jobs oldest first, page by page', async () => {
    const own = await startRedis();
    const { records, lists, close } = await connectTest(own);
    try {
      const jobs = Array.from({ length: 450 }, (_, i) => someJob({ owner: `owner-${i % 9}` }));
      await Promise.all(jobs.map((job) => records.create(job)));
      const [first, second] = jobs.map(({ id }) => id).sort();
      if (first === undefined || second === undefined) throw new Error('no jobs');
      await records.end({ job: first, run: 1 }, { status: 'canceled' });
      const seen: JobId[] = [];
      for await (const runs of lists.unfinished()) seen.push(...runs.map(({ job }) => job));
      expect(seen).toHaveLength(449);
      expect(seen[0]).toBe(second);
      expect(seen).toEqual([...seen].sort());
    } finally {
      await close();
      await own.stop();
    }
  });

  it('notes ended runs for their cleanup until it is confirmed', async () => {
    const own = await startRedis();
    const { records, endedJobs, close } = await connectTest(own);
    try {
      const jobs = [someJob(), someJob()];
      for (const job of jobs) {
        await records.create(job);
        await records.end(firstRun(job), { status: 'canceled' });
      }
      expect(new Set((await endedJobs.pendingCleanups(10)).map(({ job }) => job))).toEqual(
        new Set(jobs.map(({ id }) => id)),
      );
      const [oldest] = await endedJobs.pendingCleanups(1);
      if (oldest === undefined) throw new Error('no cleanup');
      await endedJobs.confirmCleanup(oldest);
      expect(await endedJobs.pendingCleanups(10)).toHaveLength(1);
      expect(await endedJobs.endedBefore(Date.now() + 60_000, 10)).toHaveLength(2);
      expect(await endedJobs.endedBefore(Date.now() - 60_000, 10)).toEqual([]);
    } finally {
      await close();
      await own.stop();
    }
  });

  it('answers the events after one that was seen, in order and capped', async () => {
    const { records } = connection;
    const job = someJob();
    const run = firstRun(job);
    await records.create(job);
    expect(await records.eventsAfter(job.id, '')).toEqual([]);
    await records.beginPrepare(run);
    const [begun] = await records.eventsAfter(job.id, '');
    expect(begun).toMatchObject({ type: 'status', data: { status: 'preparing', run: 1, attempts: 1 } });
    await records.reportProgress(run, { framesDecoded: 8, framesTotal: 80 });
    const verdict = { label: 'fake', score: 0.9, threshold: 0.2 } as const;
    await records.end(run, { status: 'succeeded', verdict });
    const later = await records.eventsAfter(job.id, begun?.id ?? '');
    expect(later).toMatchObject([
      { type: 'progress', data: { percent: 6, framesDecoded: 8, framesTotal: 80, clipsPlanned: 0, clipsScored: 0 } },
      { type: 'status', data: { status: 'succeeded' } },
      { type: 'result', data: { verdict } },
    ]);
    expect(await records.eventsAfter(job.id, 'nonsense')).toHaveLength(4);

    const long = someJob();
    await records.create(long);
    await records.beginPrepare(firstRun(long));
    for (let frame = 1; frame <= 1_000; frame += 100) {
      await Promise.all(
        Array.from({ length: 100 }, (_, step) =>
          records.reportProgress(firstRun(long), { framesDecoded: frame + step }),
        ),
      );
    }
    const kept = await records.eventsAfter(long.id, '');
    expect(kept.length).toBeLessThan(400);
    expect(kept.at(-1)).toMatchObject({ data: { framesDecoded: 1_000 } });
  });

  it('narrows by verdict, score, and the beginning of name or id', async () => {
    const { records, lists } = connection;
    const owner = 'narrow';
    const scores = [0.1, 0.19999, 0.2, 0.7, null];
    const jobs = scores.map((score, at) =>
      someJob({ owner, metadata: { file: `Film ${at} 日本.mp4` }, ...(score === 0.7 && LONG) }),
    );
    for (const [at, job] of jobs.entries()) {
      await records.create(job);
      await records.beginPrepare(firstRun(job));
      const score = scores[at] ?? null;
      const label = score === null ? 'inconclusive' : score >= 0.2 ? 'fake' : 'real';
      await records.end(firstRun(job), { status: 'succeeded', verdict: { label, score, threshold: 0.2 } });
    }
    await records.create(someJob({ owner, source: { type: 'url', url: 'https://a.example/x/Other%20one.mp4' } }));
    const places = async (narrowing: Narrowing): Promise<number[]> => {
      const { jobs: found } = await lists.list({ owner, limit: 50, narrowing });
      return found.map(({ id }) => jobs.findIndex((job) => job.id === id)).sort();
    };
    expect(await places({ label: 'fake' })).toEqual([2, 3]);
    expect(await places({ minScore: 0.2 })).toEqual([2, 3]);
    expect(await places({ minScore: 0.1, maxScore: 0.19999 })).toEqual([0, 1]);
    expect(await places({ label: 'inconclusive' })).toEqual([4]);
    expect(await places({ q: 'FILM 1' })).toEqual([1]);
    expect(await places({ q: 'film 4 日本.M' })).toEqual([4]);
    expect(await places({ q: LONG.metadata.file })).toEqual([3]);
    expect(await places({ q: 'other ONE' })).toEqual([-1]);
    expect(await places({ q: jobs[2]?.id.toLowerCase() })).toEqual([2]);
    expect(await places({ q: 'ilm' })).toEqual([]);
    await records.bury(jobs[2]?.id as JobId);
    expect(await places({ label: 'fake' })).toEqual([3]);
  });

  it('looks at a stretch of a long list for each page, and forgets nothing in between', async () => {
    const { records } = connection;
    const jobs = Array.from({ length: 560 }, (_, at) =>
      someJob({ owner: 'long', metadata: { file: at % 280 === 0 ? 'rare.mp4' : 'common.mp4' } }),
    );
    await Promise.all(jobs.map((job) => records.create(job)));
    const rare = jobs.filter(({ metadata }) => metadata.file === 'rare.mp4').map(({ id }) => id);
    const found = (await walk({ owner: 'long', narrowing: { q: 'rare' } }, 2)).flat();
    expect(found).toEqual(rare.sort().reverse());
  });
});
