import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { entryId, JobError, type JobRun, type PreparePayload, type ScorePayload } from '@styleflow/contracts';
import { killProcess, type RedisServer, startRedis, until } from '@styleflow/testing';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { QueueConnection } from '../connect-queue.js';
import type { Attempt, ChildFailures, StageHandler, StageWorker } from '../ports/job-queue.js';
import { connectTest } from '../test-connection.js';
import { firstRun, someBundle, someJob, somePrepare, someScore } from '../test-jobs.js';

/** Of tests that wait for a takeover: short, so that it comes soon; long enough that a busy machine still renews in time. */
const LOCK_MS = 1_600;

describe('a stage worker', () => {
  let server: RedisServer;
  let connection: QueueConnection;
  /** Its locks end after LOCK_MS, and its workers soon see those of lost ones. */
  let hasty: QueueConnection;
  let raw: Redis;
  let workers: StageWorker[];
  let children: ChildProcess[];
  let run: JobRun;

  beforeAll(async () => {
    server = await startRedis();
    connection = await connectTest(server);
    hasty = await connectTest(server, { lockDurationMs: LOCK_MS });
    raw = new Redis(server.url);
  });
  beforeEach(() => {
    workers = [];
    children = [];
    run = firstRun(someJob());
  });
  afterEach(async () => {
    await Promise.all(workers.map((worker) => worker.close(0)));
    for (const child of children) if (child.pid !== undefined) await killProcess(child.pid);
    await connection.queue.removeEntries(run);
  });
  afterAll(async () => {
    raw.disconnect();
    await hasty.close();
    await connection.close();
    await server.stop();
  });

  function workPrepare(handler: StageHandler<PreparePayload>, { queue } = connection): StageWorker {
    const worker = queue.workPrepare(handler, { concurrency: 1 });
    workers.push(worker);
    return worker;
  }

  /** Starts a process that takes our entry; answers once it holds it. */
  async function startHolder(): Promise<ChildProcess> {
    const path = fileURLToPath(new URL('./test-holder.js', import.meta.url));
    const child = fork(path, [server.url, String(LOCK_MS)]);
    children.push(child);
    const [held] = await once(child, 'message');
    expect(held).toMatchObject({ job: run.job });
    return child;
  }

  async function startFinish(): Promise<ChildFailures[]> {
    const seen: ChildFailures[] = [];
    workers.push(
      connection.queue.workFinish(
        async ({ payload }) => {
          seen.push(await connection.queue.childFailures(payload));
        },
        { concurrency: 1 },
      ),
    );
    return seen;
  }

  it('takes an entry over whose worker was killed outright', async () => {
    await connection.queue.addFlow(somePrepare(run));
    const holder = await startHolder();
    const attempts: Attempt<PreparePayload>[] = [];
    workPrepare(async (attempt) => {
      attempts.push(attempt);
    }, hasty);
    await killProcess(holder.pid ?? 0);
    await until('the entry is taken over', () => attempts[0]);
    expect(attempts).toMatchObject([{ number: 2, wasStalled: true, isLast: false, payload: { job: run.job } }]);
  });

  it('comes to finish exactly once when an entry has cost too many workers', async () => {
    await connection.queue.addFlow(somePrepare(run));
    for (let kills = 0; kills < 4; kills += 1) await killProcess((await startHolder()).pid ?? 0);
    let started = 0;
    workPrepare(async () => {
      started += 1;
    }, hasty);
    const finishes = await startFinish();
    await until('finish has run', () => finishes[0]);
    expect(finishes).toMatchObject([{ prepare: { code: 'internal' }, clips: [] }]);
    expect(finishes[0]?.prepare?.message).toContain('stalled');
    expect(started).toBe(0);
    expect(finishes).toHaveLength(1);
  });

  it('aborts the attempt that lost its lock, and the entry starts again', async () => {
    const attempts: Attempt<PreparePayload>[] = [];
    workPrepare(async (attempt) => {
      attempts.push(attempt);
      if (attempts.length === 1) await once(attempt.signal, 'abort');
    }, hasty);
    await connection.queue.addFlow(somePrepare(run));
    await until('the entry is held', () => attempts[0]);
    await raw.set(`{styleflow}:prepare:${entryId.prepare(run)}:lock`, 'another worker', 'PX', LOCK_MS);
    await until('the attempt is aborted', () => attempts[0]?.signal.aborted);
    await until('the entry starts again', () => attempts[1]);
    expect(attempts[1]).toMatchObject({ number: 2, wasStalled: true });
  });

  it('tries a fault of the surroundings again and says which attempt is the last', async () => {
    const { queue } = connection;
    const bundle = someBundle();
    const attempts: Attempt<ScorePayload>[] = [];
    const times: number[] = [];
    const finishes = await startFinish();
    await queue.addFlow(somePrepare(run));
    await queue.addScore(someScore(run, 0, 0), bundle.digest, 5);
    await queue.dropWaitingPrepare(run);
    const score: StageHandler<ScorePayload> = async (attempt) => {
      attempts.push(attempt);
      times.push(performance.now());
      throw new JobError('storage_unavailable', `attempt ${attempt.number}`);
    };
    workers.push(queue.workScore(score, { concurrency: 1, bundleDigest: bundle.digest }));
    await until('all attempts are used up', () => finishes[0]);
    expect(attempts.map(({ number, isLast, wasStalled }) => [number, isLast, wasStalled])).toEqual([
      [1, false, false],
      [2, false, false],
      [3, false, false],
      [4, true, false],
    ]);
    expect(finishes[0]?.clips).toMatchObject([
      { track: 0, clip: 0, error: { code: 'storage_unavailable', message: 'attempt 4' } },
    ]);
    const [first = 0, second = 0, third = 0, fourth = 0] = times;
    expect(second - first).toBeGreaterThan(950);
    expect(third - second).toBeGreaterThan(1_950);
    expect(fourth - third).toBeGreaterThan(3_950);
  });

  it('never starts a fault of the input again, and treats a foreign error as internal', async () => {
    const finishes = await startFinish();
    workPrepare(async () => {
      throw new JobError('media_no_video', 'sound only');
    });
    await connection.queue.addFlow(somePrepare(run));
    await until('finish has run', () => finishes[0]);
    expect(finishes[0]?.prepare).toMatchObject({ code: 'media_no_video', message: 'sound only', retryable: false });
    const entry: Record<string, string> = await raw.hgetall(`{styleflow}:prepare:${entryId.prepare(run)}`);
    expect(entry).toMatchObject({ failedReason: 'media_no_video!: sound only', atm: '1' });
    // A line for the operator, and no stack.
    expect(JSON.parse(entry.stacktrace ?? '')).toEqual([
      expect.stringMatching(/Z \S+:\d+ media_no_video!: sound only$/),
    ]);
  });

  it.each([
    ['none', undefined],
    ['one of another version', `ff-${'a'.repeat(32)}-${'b'.repeat(16)}-01`],
    ['an empty one', `00-${'0'.repeat(32)}-${'b'.repeat(16)}-01`],
    ['nonsense', 'nonsense'],
  ])('runs an entry whose trace is %s, without it', async (_case, trace) => {
    const attempts: Attempt<PreparePayload>[] = [];
    workPrepare(async (attempt) => {
      attempts.push(attempt);
    });
    await connection.queue.addFlow(somePrepare(run, trace === undefined ? {} : { trace }));
    const { payload } = await until('the entry has run', () => attempts[0]);
    expect(payload.trace).toBeUndefined();
  });

  it('refuses a payload that is none without running it', async () => {
    const queue = new Queue('prepare', { connection: { url: server.url }, prefix: '{styleflow}' });
    let started = 0;
    workPrepare(async () => {
      started += 1;
    });
    await queue.add('prepare', { v: 1, job: 'nonsense' }, { jobId: entryId.prepare(run), attempts: 4, priority: 5 });
    const failed = await until('it has failed', async () => {
      const [entry] = await queue.getFailed();
      return entry?.id === entryId.prepare(run) ? entry : null;
    });
    expect(failed.failedReason).toMatch(/^internal!: /);
    expect(failed.attemptsMade).toBe(1);
    expect(started).toBe(0);
    await queue.close();
  });

  it('waits for what runs when it closes, and takes nothing more', async () => {
    const later = firstRun(someJob());
    const seen: string[] = [];
    let letEnd = (): void => undefined;
    const mayEnd = new Promise<void>((resolve) => {
      letEnd = resolve;
    });
    let isDone = false;
    const worker = workPrepare(async ({ payload }) => {
      seen.push(payload.job);
      await mayEnd;
      await pause(300);
      isDone = true;
    });
    await connection.queue.addFlow(somePrepare(run));
    await until('the entry is held', () => worker.busy === 1);
    await connection.queue.addFlow(somePrepare(later));
    const closed = worker.close(60_000);
    letEnd();
    await closed;
    expect(isDone).toBe(true);
    expect(worker.busy).toBe(0);
    expect(seen).toEqual([run.job]);
    expect(await raw.zscore('{styleflow}:prepare:completed', entryId.prepare(run))).not.toBeNull();
    expect(await connection.queue.dropWaitingPrepare(later)).toBe(true);
    await connection.queue.removeEntries(later);
  });

  it.each([
    [
      'heeds its signal',
      (signal: AbortSignal) => once(signal, 'abort').then(() => Promise.reject(new Error('aborted'))),
    ],
    ['never ends', () => new Promise<never>(() => undefined)],
  ])(
    'hands back what outlasts the grace so that an idle worker has it at once, when the handler %s',
    async (_name, hang) => {
      const leaving = workPrepare(async ({ signal }) => hang(signal));
      await connection.queue.addFlow(somePrepare(run));
      await until('the entry is held', () => leaving.busy === 1);
      const attempts: Attempt<PreparePayload>[] = [];
      workPrepare(async (attempt) => {
        attempts.push(attempt);
      });
      // The other worker blocks for new entries by now; one that came without waking it would wait for the rest of 5 s.
      await pause(200);
      const start = performance.now();
      await leaving.close(50);
      await until('another worker has it', () => attempts[0]);
      expect(performance.now() - start).toBeLessThan(4_000);
      expect(attempts).toMatchObject([{ number: 2, wasStalled: false, isLast: false }]);
      expect(await raw.hget(`{styleflow}:prepare:${entryId.prepare(run)}`, 'failedReason')).toBeNull();
    },
  );
});
