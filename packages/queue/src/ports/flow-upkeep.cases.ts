import { JobError, type JobRun } from '@styleflow/contracts';
import { until } from '@styleflow/testing';
import { describe, expect, it } from 'vitest';
import { somePrepare, someScore } from '../test-jobs.js';
import type { Attempt } from './job-queue.js';
import { type FlowFixture, type QueueUnderTest, useFlow } from './test-flow.js';

/** Runs the promises about removing, repeating and reviving a job's entries against one adapter. */
export function describeFlowUpkeep(name: string, open: () => Promise<QueueUnderTest>): void {
  describe(`the upkeep of a flow in ${name}`, () => {
    let under: FlowFixture['under'];
    let workers: FlowFixture['workers'];
    let run: FlowFixture['run'];
    let bundle: FlowFixture['bundle'];
    let finished: FlowFixture['finished'];
    let addFlow: FlowFixture['addFlow'];
    let addScore: FlowFixture['addScore'];
    let addClips: FlowFixture['addClips'];
    let work: FlowFixture['work'];
    let untilFinished: FlowFixture['untilFinished'];
    useFlow(open, (fixture) => {
      ({ under, workers, run, bundle, finished, addFlow, addScore, addClips, work, untilFinished } = fixture);
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
