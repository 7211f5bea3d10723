import { JobError, type PreparePayload } from '@styleflow/contracts';
import { type RedisServer, startRedis, until } from '@styleflow/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { QueueConnection } from '../connect-queue.js';
import type { Attempt, StageWorker } from '../ports/job-queue.js';
import { connectTest } from '../test-connection.js';
import { firstRun, someJob, somePrepare } from '../test-jobs.js';

const DAY = 86_400_000;

let server: RedisServer;
let connection: QueueConnection;
let worker: StageWorker | undefined;
beforeAll(async () => {
  server = await startRedis();
  connection = await connectTest(server);
});
afterEach(async () => {
  vi.useRealTimers();
  await worker?.close(0);
});
afterAll(async () => {
  await connection.close();
  await server.stop();
});

/** A wall clock that is wrong by so many days, and stands still. */
const setWallClock = (days: number): unknown => vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + days * DAY });

describe('a queue goes by the clock of Redis', () => {
  it.each([-31, -1, 0, 1, 31])(
    'delays a failed entry by two to three seconds where the wall clock is %d days ahead and stands still',
    async (days) => {
      const run = firstRun(someJob());
      const times: number[] = [];
      setWallClock(days);
      await connection.queue.addFlow(somePrepare(run));
      worker = connection.queue.workPrepare(
        async () => {
          times.push(performance.now());
          if (times.length === 1) throw new JobError('source_unreachable', 'for a test');
        },
        { concurrency: 1 },
      );
      const [first = 0, second = 0] = await until('it is tried again', () => (times[1] ? times : null));
      expect(second - first).toBeGreaterThan(1_950);
      // An idle worker looks every ten seconds at the latest.
      expect(second - first).toBeLessThan(14_000);
    },
  );

  it('leaves an entry that another delayed where it is, however far ahead the wall clock of the one who looks', async () => {
    const run = firstRun(someJob());
    await connection.queue.addFlow(somePrepare(run));
    const failed: Attempt<PreparePayload>[] = [];
    worker = connection.queue.workPrepare(
      async (attempt) => {
        failed.push(attempt);
        throw new JobError('source_unreachable', 'for a test');
      },
      { concurrency: 1 },
    );
    await until('it has failed', () => failed[0]);
    await worker.close(0);
    const failedAt = performance.now();
    setWallClock(31);
    const taken: number[] = [];
    worker = connection.queue.workPrepare(async () => void taken.push(performance.now()), { concurrency: 1 });
    const [takenAt = 0] = await until('it is taken', () => (taken[0] ? taken : null));
    expect(takenAt - failedAt).toBeGreaterThan(1_000);
  });

  it('tells ages by it', async () => {
    const run = firstRun(someJob());
    setWallClock(31);
    await connection.queue.addFlow(somePrepare(run));
    const { entries } = await connection.inspector.entries('prepare', { state: 'waiting', limit: 5 });
    expect(entries.map(({ job, ageSeconds }) => [job, (ageSeconds ?? 99) < 5])).toEqual([[run.job, true]]);
    const [prepare] = await connection.queue.depths();
    expect(prepare?.oldestSeconds).toBeLessThan(5);
    vi.useRealTimers();
    expect(Math.abs(Date.parse(entries[0]?.addedAt ?? '') - Date.now())).toBeLessThan(10_000);
  });
});
