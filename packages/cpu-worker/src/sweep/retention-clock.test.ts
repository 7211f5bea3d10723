import type { JobId } from '@styleflow/contracts';
import type { EndedJobs } from '@styleflow/queue';
import { metrics } from '@styleflow/runtime';
import { type ObjectFacts, resultKey, sourceKey } from '@styleflow/storage';
import { type SkewedRedis, startSkewedRedis } from '@styleflow/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { quietLogger, startTestSystem, type TestSystem } from '../test-system.js';
import { sweepOnce } from './sweep.js';
import type { Retention, SweepPorts } from './sweep-ports.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const KEPT = { redisMs: HOUR, mediaMs: DAY, resultMs: 30 * DAY, maxPerMinute: 300 };

let redis: SkewedRedis;
let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem({}, async () => {
    redis = await startSkewedRedis();
    return redis;
  });
});
afterAll(() => system.stop());
beforeEach(() => redis.setClock(0));
afterEach(() => void vi.useRealTimers());

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
  const ports = {
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
    queue,
    store,
    arrivals: system.connection.arrivals,
    opinions: system.connection.opinions,
    shadows: system.connection.shadows,
    announcements: system.connection.announcements,
    outageBudgetMs: 900_000,
  };
  return sweepOnce({ ...ports, logger: quietLogger, retention: { ...KEPT, ...periods }, ...changes });
}

async function endedJob(): Promise<JobId> {
  const { id } = await system.createJob();
  const error = { code: 'internal', message: 'for a test' } as const;
  await system.records.end({ job: id, run: 1 }, { status: 'failed', error });
  await system.store.put(resultKey(id), '{}', 'application/json');
  await system.store.put(sourceKey(id), 'video', 'video/mp4');
  return id;
}

/** What of a job is there: its video, its result. */
const keptOf = async (id: JobId): Promise<boolean[]> =>
  Promise.all([sourceKey(id), resultKey(id)].map(async (key) => (await system.store.head(key)) !== null));

/** Redis's and the store's clock, both this far ahead of the truth. */
function bothAhead(ms: number): Partial<SweepPorts> {
  const ahead = async (): Promise<number> => Date.now() + ms;
  const head = async (key: string): Promise<ObjectFacts | null> => {
    const facts = await system.store.head(key);
    return facts && { ...facts, modifiedAt: new Date(facts.modifiedAt.getTime() + ms) };
  };
  const store = new Proxy(system.store, {
    get(target, name) {
      const value: unknown = name === 'head' ? head : Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  return { clock: { now: ahead, read: ahead }, store };
}

describe('the clock of retention', () => {
  it.each([-31, -1, 0, 1, 31])(
    "is not the worker's: one that is %d days ahead and stands still deletes what is due and nothing else",
    async (days) => {
      const job = await endedJob();
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + days * DAY });
      await sweep();
      expect(await keptOf(job)).toEqual([true, true]);
      await sweep({ mediaMs: 1 });
      expect(await keptOf(job)).toEqual([false, true]);
      await sweep({ resultMs: 1 });
      expect(await keptOf(job)).toEqual([false, false]);
    },
  );

  it.each([-31, -1, 1, 31])(
    "stops retention with an alarm while Redis is %d days ahead of the store, but no client's delete, and goes on after",
    async (days) => {
      const [job, deleted] = [await endedJob(), await endedJob()];
      await redis.setClock(days * DAY);
      const error = vi.spyOn(quietLogger, 'error');
      await sweep();
      await sweep({ mediaMs: 1, resultMs: 1 });
      expect(error.mock.calls.map(([, text]) => String(text))).toEqual([
        expect.stringContaining('retention has stopped'),
        expect.stringContaining('retention has stopped'),
      ]);
      error.mockRestore();
      expect((await metrics.page()).body).toMatch(/^styleflow_retention_stopped 1$/m);
      expect(await keptOf(job)).toEqual([true, true]);
      await system.records.bury(deleted);
      await sweep();
      expect(await keptOf(deleted)).toEqual([false, false]);
      await redis.setClock(0);
      await sweep({ mediaMs: 1, resultMs: 1 });
      expect((await metrics.page()).body).toMatch(/^styleflow_retention_stopped 0$/m);
      expect(await keptOf(job)).toEqual([false, false]);
    },
  );

  it('bears four minutes of difference, and no six', async () => {
    const job = await endedJob();
    await redis.setClock(6 * 60_000);
    await sweep({ resultMs: 1 });
    expect(await keptOf(job)).toEqual([true, true]);
    await redis.setClock(4 * 60_000);
    await sweep({ resultMs: 1 });
    expect(await keptOf(job)).toEqual([false, false]);
  });

  it('never leaves a mark in the future, also when it was one day ahead as the mark was set', async () => {
    const { endedJobs }: { endedJobs: EndedJobs } = system;
    await endedJobs.raiseMediaMark(Date.now() + 31 * DAY);
    expect(await endedJobs.mediaMark()).toBeLessThanOrEqual(Date.now() + 1_000);
    await redis.setClock(DAY);
    await endedJobs.raiseMediaMark(Date.now() + DAY);
    await redis.setClock(0);
    expect(await endedJobs.mediaMark()).toBe(0);
    const job = await endedJob();
    await sweep({ mediaMs: 1 });
    expect(await keptOf(job)).toEqual([false, true]);
  });

  it('revives a job whose record was made while Redis was 31 days ahead', async () => {
    await redis.setClock(31 * DAY);
    const { id } = await system.createJob();
    await redis.setClock(0);
    await sweep({}, { clock: { now: () => system.clock.read(), read: () => system.clock.read() } });
    expect(await system.queue.flowState({ job: id, run: 1 })).toBe('live');
    await system.records.end({ job: id, run: 1 }, { status: 'canceled' });
  });
});

describe('the pace of retention', () => {
  const countKept = async (jobs: readonly JobId[]): Promise<number> =>
    (await Promise.all(jobs.map(keptOf))).filter(([, result]) => result).length;

  it('bounds what is lost when both clocks leap 31 days ahead, within a minute and over processes', async () => {
    await sweep({ resultMs: 1 });
    // A minute after all that was granted before.
    await redis.setClock(61_000);
    const jobs: JobId[] = [];
    for (let count = 0; count < 12; count += 1) jobs.push(await endedJob());
    await sweep({ maxPerMinute: 5 }, bothAhead(31 * DAY));
    expect(await countKept(jobs)).toBe(7);
    // Another round, or another worker, within the same minute.
    await sweep({ maxPerMinute: 5 }, bothAhead(31 * DAY));
    expect(await countKept(jobs)).toBe(7);
    // The oldest first.
    expect(await countKept(jobs.slice(5))).toBe(7);
  });

  it('is no faster after a pause, nor after the clock of Redis went back', async () => {
    const start = 3 * 61_000;
    await redis.setClock(start);
    const grant = (wanted: number) => system.deletionPace.grant('media', wanted, 10);
    expect([await grant(7), await grant(7), await grant(7)]).toEqual([7, 3, 0]);
    await redis.setClock(start + 30 * 60_000);
    expect([await grant(100), await grant(100)]).toEqual([10, 0]);
    await redis.setClock(start);
    expect(await grant(100)).toBe(0);
    await redis.setClock(start + 61_000);
    expect(await grant(100)).toBe(10);
  });
});
