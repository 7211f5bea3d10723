import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { JobError, type JobRun, type PreparePayload, type ScorePayload } from '@styleflow/contracts';
import { until } from '@styleflow/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { firstRun, someBundle, someJob, somePrepare, someScore } from '../test-jobs.js';
import type { Attempt, ChildFailures, StageHandler, StageWorker } from './job-queue.js';
import type { QueueUnderTest } from './test-flow.js';

type Holder = Awaited<ReturnType<QueueUnderTest['startHolder']>>;

/** Runs the promises about workers against one adapter. */
export function describeStageWorker(name: string, open: () => Promise<QueueUnderTest>): void {
  describe(`a stage worker of ${name}`, () => {
    let under: QueueUnderTest;
    let workers: StageWorker[];
    let holders: Holder[];
    let run: JobRun;

    beforeAll(async () => {
      under = await open();
    });
    beforeEach(() => {
      workers = [];
      holders = [];
      run = firstRun(someJob());
    });
    afterEach(async () => {
      await Promise.all(workers.map((worker) => worker.close(0)));
      for (const holder of holders) await holder.kill();
      await under.queue.removeEntries(run);
    });
    afterAll(async () => {
      await under.close();
    });

    function workPrepare(handler: StageHandler<PreparePayload>, queue = under.queue): StageWorker {
      const worker = queue.workPrepare(handler, { concurrency: 1 });
      workers.push(worker);
      return worker;
    }

    /** Starts a process that takes our entry, and answers once the process holds it. */
    async function startHolder(): Promise<Holder> {
      const holder = await under.startHolder();
      holders.push(holder);
      expect(holder).toMatchObject({ job: run.job });
      return holder;
    }

    async function startFinish(): Promise<ChildFailures[]> {
      const seen: ChildFailures[] = [];
      workers.push(
        under.queue.workFinish(
          async ({ payload }) => {
            seen.push(await under.queue.childFailures(payload));
          },
          { concurrency: 1 },
        ),
      );
      return seen;
    }

    it('takes an entry over whose worker was killed outright', async () => {
      await under.queue.addFlow(somePrepare(run));
      const holder = await startHolder();
      const attempts: Attempt<PreparePayload>[] = [];
      workPrepare(async (attempt) => {
        attempts.push(attempt);
      }, under.hasty);
      await holder.kill();
      await until('the entry is taken over', () => attempts[0]);
      expect(attempts).toMatchObject([{ number: 2, wasStalled: true, payload: { job: run.job } }]);
    });

    it('comes to finish exactly once when an entry has cost too many workers', async () => {
      await under.queue.addFlow(somePrepare(run));
      for (let kills = 0; kills < 4; kills += 1) await (await startHolder()).kill();
      let started = 0;
      workPrepare(async () => {
        started += 1;
      }, under.hasty);
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
      }, under.hasty);
      await under.queue.addFlow(somePrepare(run));
      await until('the entry is held', () => attempts[0]);
      await under.stealLock(run);
      await until('the attempt is aborted', () => attempts[0]?.signal.aborted);
      await until('the entry starts again', () => attempts[1]);
      expect(attempts[1]).toMatchObject({ number: 2 });
    });

    it('tries a fault of the system again and says with which error the entry fails at last', async () => {
      const { queue } = under;
      const bundle = someBundle();
      const attempts: Attempt<ScorePayload>[] = [];
      const times: number[] = [];
      const finals: (string | null)[] = [];
      const finishes = await startFinish();
      await queue.addFlow(somePrepare(run));
      await queue.addScore(someScore(run, 0, 0), bundle.digest, 5);
      await queue.dropWaitingPrepare(run);
      const score: StageHandler<ScorePayload> = async (attempt) => {
        attempts.push(attempt);
        times.push(performance.now());
        finals.push(attempt.finalError(new JobError('inference_failed', 'x'))?.code ?? null);
        throw new JobError('inference_failed', `attempt ${attempt.number}`);
      };
      workers.push(queue.workScore(score, { concurrency: 1, bundleDigest: bundle.digest }));
      await until('all attempts are used up', () => finishes[0]);
      expect(finals).toEqual([null, null, null, 'inference_failed']);
      expect(attempts.map(({ number, wasStalled }) => [number, wasStalled])).toEqual(
        [1, 2, 3, 4].map((number) => [number, false]),
      );
      expect(finishes[0]?.clips).toMatchObject([
        { track: 0, clip: 0, error: { code: 'inference_failed', message: 'attempt 4' } },
      ]);
      const [first = 0, second = 0, third = 0, fourth = 0] = times;
      expect(second - first).toBeGreaterThan(950);
      expect(third - second).toBeGreaterThan(1_950);
      expect(fourth - third).toBeGreaterThan(3_950);
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
      await under.queue.addFlow(somePrepare(run, trace === undefined ? {} : { trace }));
      const { payload } = await until('the entry has run', () => attempts[0]);
      expect(payload.trace).toBeUndefined();
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
      await under.queue.addFlow(somePrepare(run));
      await until('the entry is held', () => worker.busy === 1);
      await under.queue.addFlow(somePrepare(later));
      const closed = worker.close(60_000);
      letEnd();
      await closed;
      expect(isDone).toBe(true);
      expect(worker.busy).toBe(0);
      expect(seen).toEqual([run.job]);
      expect((await under.keptOf(run)).isCompleted).toBe(true);
      expect(await under.queue.dropWaitingPrepare(later)).toBe(true);
      await under.queue.removeEntries(later);
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
        await under.queue.addFlow(somePrepare(run));
        await until('the entry is held', () => leaving.busy === 1);
        const attempts: Attempt<PreparePayload>[] = [];
        workPrepare(async (attempt) => {
          attempts.push(attempt);
        });
        // By now the other worker blocks for new entries. An entry that did not wake it would wait for the rest of 5 s.
        await pause(200);
        const start = performance.now();
        await leaving.close(50);
        await until('another worker has it', () => attempts[0]);
        expect(performance.now() - start).toBeLessThan(4_000);
        expect(attempts).toMatchObject([{ number: 2, wasStalled: false }]);
        expect((await under.keptOf(run)).failedReason).toBeNull();
      },
    );
  });
}
