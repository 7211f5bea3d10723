import { type BundleFacts, JobError, type JobRun, type ScorePayload } from '@styleflow/contracts';
import { until } from '@styleflow/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { firstRun, someBundle, someJob, somePrepare, someScore } from '../test-jobs.js';
import type { Attempt, ChildFailures, JobQueue, StageHandler, StageWorker } from './job-queue.js';

/** What an adapter's test provides beside the queue, to observe and to disturb what lies behind the port. */
export interface QueueUnderTest {
  readonly queue: JobQueue;
  /** The same queues, as another process with short locks opens them. Its workers soon notice lost workers. */
  readonly hasty: JobQueue;
  /** Starts a process that takes a waiting `prepare` and holds it, and answers once it does. Its locks are as short. */
  startHolder(): Promise<{ readonly job: JobRun['job']; kill(): Promise<void> }>;
  /** Gives the lock of the run's `prepare` to another holder. */
  stealLock(run: JobRun): Promise<void>;
  /** Deletes a clip's entry, which the product itself never does. */
  deleteScore(run: JobRun, bundleDigest: string, track: number, clip: number): Promise<void>;
  /** What the queue keeps of the run's `prepare`. */
  keptOf(run: JobRun): Promise<{ readonly isCompleted: boolean; readonly failedReason: string | null }>;
  close(): Promise<void>;
}

/** Runs the promises about a job's entries against one adapter. */
export function describeJobQueue(name: string, open: () => Promise<QueueUnderTest>): void {
  describe(`the flow of a job in ${name}`, () => {
    let under: QueueUnderTest;
    let workers: StageWorker[];
    let run: JobRun;
    let bundle: BundleFacts;
    let finished: { run: JobRun; failures: ChildFailures }[];

    beforeAll(async () => {
      under = await open();
    });
    beforeEach(() => {
      workers = [];
      finished = [];
      run = firstRun(someJob());
      bundle = someBundle();
    });
    afterEach(async () => {
      await Promise.all(workers.map((worker) => worker.close(0)));
    });
    afterAll(async () => {
      await under.close();
    });

    const addFlow = () => under.queue.addFlow(somePrepare(run, { bundle: { id: bundle.id, digest: bundle.digest } }));
    const addScore = (track: number, clip: number) =>
      under.queue.addScore(someScore(run, track, clip), bundle.digest, 5);
    const addClips = async (count: number): Promise<void> => {
      for (let clip = 0; clip < count; clip += 1) await addScore(0, clip);
    };
    const isOurs = ({ job }: JobRun): boolean => job === run.job;

    function work(stages: { prepare?: () => Promise<void>; score?: StageHandler<ScorePayload> }): void {
      const { queue } = under;
      if (stages.prepare) {
        const prepare = stages.prepare;
        workers.push(
          queue.workPrepare(async ({ payload }) => (isOurs(payload) ? prepare() : undefined), { concurrency: 1 }),
        );
      }
      if (stages.score) workers.push(queue.workScore(stages.score, { concurrency: 4, bundleDigest: bundle.digest }));
      workers.push(
        queue.workFinish(
          async ({ payload }) => {
            finished.push({ run: payload, failures: await queue.childFailures(payload) });
          },
          { concurrency: 2 },
        ),
      );
    }
    const ourFinishes = () => finished.filter(({ run: seen }) => isOurs(seen));
    const untilFinished = () => until('finish has run', () => ourFinishes()[0]);
    const nothing: StageHandler<ScorePayload> = async () => undefined;

    it('finishes once after prepare and every clip have ended', async () => {
      const scored: string[] = [];
      work({
        prepare: () => addClips(5),
        score: async ({ payload }) => {
          expect(ourFinishes()).toEqual([]);
          scored.push(`${payload.track}.${payload.clip}`);
        },
      });
      await addFlow();
      expect((await untilFinished()).failures).toEqual({ prepare: null, clips: [] });
      expect(scored.sort()).toEqual(['0.0', '0.1', '0.2', '0.3', '0.4']);
      expect(ourFinishes()).toHaveLength(1);
    });

    it('does not finish while prepare works on, though every clip so far is scored', async () => {
      let scored = 0;
      work({
        prepare: async () => {
          await addClips(3);
          await until('the clips are scored', () => scored === 3);
          expect(await under.queue.flowState(run)).toBe('live');
          expect(ourFinishes()).toEqual([]);
          await addScore(1, 0);
        },
        score: async () => {
          scored += 1;
        },
      });
      await addFlow();
      await untilFinished();
      expect(scored).toBe(4);
    });

    it('finishes with the reason of a clip that failed for good', async () => {
      work({
        prepare: () => addClips(3),
        score: async ({ payload }) => {
          if (payload.clip === 1) throw new JobError('inference_failed', 'a poisoned clip', { retryable: false });
        },
      });
      await addFlow();
      const { failures } = await untilFinished();
      expect(failures).toMatchObject({
        prepare: null,
        clips: [{ track: 0, clip: 1, error: { code: 'inference_failed', message: 'a poisoned clip' } }],
      });
    });

    it('finishes with the reason of a prepare that failed, after its clips have ended', async () => {
      work({
        prepare: async () => {
          await addClips(2);
          throw new JobError('media_corrupt', 'broken at frame 70');
        },
        score: nothing,
      });
      await addFlow();
      const { failures } = await untilFinished();
      expect(failures).toMatchObject({ prepare: { code: 'media_corrupt', message: 'broken at frame 70' }, clips: [] });
    });

    it('scores no clip twice when prepare starts anew after a crash while adding them', async () => {
      const scored: number[] = [];
      let starts = 0;
      work({
        prepare: async () => {
          starts += 1;
          await addClips(2);
          if (starts === 1) throw new JobError('internal', 'the process died here');
          await addClips(4);
        },
        score: async ({ payload }) => {
          scored.push(payload.clip);
        },
      });
      await addFlow();
      await untilFinished();
      expect(starts).toBe(2);
      expect(scored.sort()).toEqual([0, 1, 2, 3]);
    });

    it('finishes a job without clips', async () => {
      work({ prepare: async () => undefined });
      await addFlow();
      expect((await untilFinished()).failures).toEqual({ prepare: null, clips: [] });
    });

    it('is not held for ever by a clip that failed and is added again', async () => {
      let starts = 0;
      work({
        prepare: async () => {
          starts += 1;
          await addScore(0, 0);
          if (starts > 1) return;
          await until('the clip has failed', async () => (await under.queue.childFailures(run)).clips.length === 1);
          throw new JobError('internal', 'start anew');
        },
        score: async () => {
          throw new JobError('inference_failed', 'never', { retryable: false });
        },
      });
      await addFlow();
      expect((await untilFinished()).failures.clips).toHaveLength(1);
      expect(starts).toBe(2);
    });

    it('changes nothing when it is added again, in whatever state it is', async () => {
      let starts = 0;
      work({
        prepare: async () => {
          starts += 1;
          await addFlow();
          throw new JobError('media_corrupt', 'broken');
        },
      });
      await Promise.all([addFlow(), addFlow(), addFlow()]);
      await untilFinished();
      await addFlow();
      await until('finish has completed', async () => (await under.queue.flowState(run)) === 'dead');
      expect(starts).toBe(1);
      expect(ourFinishes()).toHaveLength(1);
    });

    it('comes to finish at once when a waiting prepare is dropped', async () => {
      await addFlow();
      expect(await under.queue.dropWaitingPrepare(run)).toBe(true);
      expect(await under.queue.dropWaitingPrepare(run)).toBe(false);
      work({
        prepare: async () => {
          throw new Error('must not start');
        },
      });
      expect((await untilFinished()).failures).toEqual({ prepare: null, clips: [] });
    });

    it('lets a prepare that is being worked on go on when it is to be dropped', async () => {
      work({
        prepare: async () => {
          expect(await under.queue.dropWaitingPrepare(run)).toBe(false);
        },
      });
      await addFlow();
      expect((await untilFinished()).failures.prepare).toBeNull();
    });

    it('drops a prepare that waits for its next attempt', async () => {
      let starts = 0;
      const prepare = async (): Promise<void> => {
        starts += 1;
        // The entry stays delayed until it is dropped, because only another worker would start it again.
        void workers[0]?.close(60_000);
        throw new JobError('source_unreachable', 'try later');
      };
      work({ prepare });
      await addFlow();
      await until('prepare has failed once', () => starts === 1);
      await until('prepare is delayed', () => under.queue.dropWaitingPrepare(run));
      work({ prepare });
      await untilFinished();
      expect(starts).toBe(1);
    });

    it('takes children in order of priority, 9 first', async () => {
      const order: number[] = [];
      await addFlow();
      const priorities = [0, 5, 9, 5, 3];
      for (const [clip, priority] of priorities.entries()) {
        await under.queue.addScore(someScore(run, 0, clip), bundle.digest, priority);
      }
      workers.push(
        under.queue.workScore(
          async ({ payload }) => {
            order.push(payload.clip);
          },
          { concurrency: 1, bundleDigest: bundle.digest },
        ),
      );
      await until('all are scored', () => order.length === priorities.length);
      expect(order).toEqual([2, 1, 3, 4, 0]);
    });

    it('removes every entry of an ended run, but none that a worker holds', async () => {
      const { queue } = under;
      let release = (): void => undefined;
      const held = new Promise<void>((resolve) => {
        release = resolve;
      });
      let started = false;
      await addFlow();
      await addClips(3);
      await queue.dropWaitingPrepare(run);
      workers.push(
        queue.workScore(
          async ({ payload }) => {
            if (payload.clip !== 0) return;
            started = true;
            await held;
          },
          { concurrency: 1, bundleDigest: bundle.digest },
        ),
      );
      await until('a clip is being scored', () => started);
      expect(await queue.removeEntries(run)).toBe(false);
      expect(await queue.flowState(run)).toBe('live');
      release();
      await until('all are gone', () => queue.removeEntries(run));
      expect(await queue.flowState(run)).toBe('absent');
      const depth = (await queue.depths()).find(({ name }) => name.endsWith(bundle.digest.slice(0, 12)));
      expect(depth).toMatchObject({ waiting: 0, active: 0, delayed: 0, failed: 0 });
      await expect(addScore(0, 0)).rejects.toMatchObject({ code: 'gone', retryable: false });
    });

    it('removes three thousand entries within seconds', async () => {
      const { queue } = under;
      const count = 3_000;
      await addFlow();
      const adding = performance.now();
      for (let from = 0; from < count; from += 100) {
        await Promise.all(Array.from({ length: 100 }, (_, step) => addScore(0, from + step)));
      }
      const added = performance.now();
      let failed = 0;
      work({
        prepare: async () => undefined,
        score: async ({ payload }) => {
          if (payload.clip % 2 === 0) return;
          failed += 1;
          throw new JobError('inference_failed', 'poisoned', { retryable: false });
        },
      });
      const { failures } = await untilFinished();
      expect(failures.clips).toHaveLength(failed);
      expect(new Set(failures.clips.map(({ clip }) => clip)).size).toBe(count / 2);
      const removing = performance.now();
      await until('all are gone', () => queue.removeEntries(run));
      const removed = performance.now();
      expect(removed - removing).toBeLessThan(10_000);
      expect(added - adding).toBeLessThan(20_000);
      expect(await queue.flowState(run)).toBe('absent');
    });

    it('runs a finish again that failed for good, once it is revived', async () => {
      const { queue } = under;
      let broken = true;
      let seen: Attempt<JobRun> | undefined;
      await addFlow();
      workers.push(
        queue.workPrepare(async () => undefined, { concurrency: 1 }),
        queue.workFinish(
          async (attempt) => {
            seen = attempt;
            if (broken) throw new JobError('internal', 'broken', { retryable: false });
          },
          { concurrency: 1 },
        ),
      );
      await until('finish has failed', async () => (await queue.flowState(run)) === 'dead');
      broken = false;
      seen = undefined;
      await queue.reviveFinish(run);
      await until('finish has run again', () => seen);
      expect(seen).toMatchObject({ number: 1 });
    });

    it('prepares again under a finish that waits for it, twice at most, and a clip anew in the place of one that has ended', async () => {
      const { queue } = under;
      const payload = somePrepare(run, { bundle: { id: bundle.id, digest: bundle.digest } });
      const prepared: (number | undefined)[] = [];
      const answers: boolean[] = [];
      let scored = 0;
      workers.push(
        queue.workPrepare(
          async ({ payload: { again } }) => {
            prepared.push(again);
            await queue.addScore(someScore(run, 0, 0), bundle.digest, 5, { again: again !== undefined });
            // Nothing is added twice, though it is asked for while one is under way.
            if (again !== undefined) expect(await queue.prepareAgain(payload)).toBe(true);
          },
          { concurrency: 1 },
        ),
        queue.workScore(
          async () => {
            scored += 1;
            if (scored < 3) throw new JobError('inference_failed', `time ${scored}`, { retryable: false });
          },
          { concurrency: 1, bundleDigest: bundle.digest },
        ),
        queue.workFinish(
          async () => {
            const { clips } = await queue.childFailures(run);
            finished.push({ run, failures: { prepare: null, clips } });
            const isAdded = await queue.prepareAgain(payload);
            answers.push(isAdded);
            return isAdded ? 'await-children' : undefined;
          },
          { concurrency: 1 },
        ),
      );
      await addFlow();
      await until('finish has decided', () => answers.includes(false));
      expect([prepared, answers, scored]).toEqual([[undefined, 1, 2], [true, true, false], 3]);
      const messages = finished.map(({ failures }) => failures.clips.map(({ error }) => error.message));
      expect(messages).toEqual([['time 1'], ['time 2'], []]);
      await until('all are gone', () => queue.removeEntries(run));
    });

    it('lets a finish wait whose worker was lost after it had prepare added again', async () => {
      const { queue } = under;
      const payload = somePrepare(run, { bundle: { id: bundle.id, digest: bundle.digest } });
      const order: string[] = [];
      await addFlow();
      await queue.dropWaitingPrepare(run);
      const lost = queue.workFinish(
        async ({ signal }) => {
          await queue.prepareAgain(payload);
          order.push('added');
          await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
        },
        { concurrency: 1 },
      );
      await until('the worker hangs', () => order.length === 1);
      await lost.close(0);
      workers.push(
        queue.workFinish(async () => void order.push('finished'), { concurrency: 1 }),
        queue.workPrepare(async () => void order.push('prepared'), { concurrency: 1 }),
      );
      await until('it has finished', () => order.includes('finished'));
      expect(order).toEqual(['added', 'prepared', 'finished']);
    });

    it('prepares nothing again once a repetition has failed for good, or the entries are gone', async () => {
      const { queue } = under;
      const payload = somePrepare(run, { bundle: { id: bundle.id, digest: bundle.digest } });
      expect(await queue.prepareAgain(payload)).toBe(false);
      const answers: [boolean, string | undefined][] = [];
      workers.push(
        queue.workPrepare(
          async ({ payload: { again } }) => {
            if (again !== undefined) throw new JobError('source_forbidden', 'not any more');
          },
          { concurrency: 1 },
        ),
        queue.workFinish(
          async () => {
            const before = (await queue.childFailures(run)).prepare?.message;
            const isAdded = await queue.prepareAgain(payload);
            answers.push([isAdded, before]);
            return isAdded ? 'await-children' : undefined;
          },
          { concurrency: 1 },
        ),
      );
      await addFlow();
      await until('finish has decided', () => answers.length === 2);
      expect(answers).toEqual([
        [true, undefined],
        [false, 'not any more'],
      ]);
    });

    it('comes to finish without any worker when all that waits is dropped, and again and again at once', async () => {
      const { queue } = under;
      const payload = somePrepare(run, { bundle: { id: bundle.id, digest: bundle.digest } });
      let starts = 0;
      await addFlow();
      await addClips(3);
      await queue.dropWaiting(run);
      workers.push(
        queue.workFinish(
          async () => {
            starts += 1;
            if (starts === 1) return (await queue.prepareAgain(payload)) ? 'await-children' : undefined;
            // Its next attempts would come in 1, 2, 4 and 8 seconds.
            if (starts < 6) throw new JobError('internal', 'not yet');
            return undefined;
          },
          { concurrency: 1 },
        ),
      );
      await until('it has added prepare', () => starts === 1);
      const begun = performance.now();
      await until('finish has ended', async () => {
        await queue.dropWaiting(run);
        return starts === 6;
      });
      await until('all are gone', () => queue.removeEntries(run));
      expect(performance.now() - begun).toBeLessThan(7_000);
    });

    it('frees a finish whose child was deleted by hand', async () => {
      const { queue } = under;
      await addFlow();
      await addScore(0, 0);
      await queue.dropWaitingPrepare(run);
      expect(await queue.flowState(run)).toBe('live');
      await queue.reviveFinish(run);
      expect(await queue.flowState(run)).toBe('live');
      await under.deleteScore(run, bundle.digest, 0, 0);
      expect(await queue.flowState(run)).toBe('dead');
      await queue.reviveFinish(run);
      work({});
      expect((await untilFinished()).failures.clips).toMatchObject([
        { track: 0, clip: 0, error: { code: 'internal' } },
      ]);
    });
  });
}
