import { JobError, type ScorePayload } from '@styleflow/contracts';
import { until } from '@styleflow/testing';
import { describe, expect, it } from 'vitest';
import { someScore } from '../test-jobs.js';
import type { StageHandler } from './job-queue.js';
import { type FlowFixture, type QueueUnderTest, useFlow } from './test-flow.js';

const nothing: StageHandler<ScorePayload> = async () => undefined;

/** Runs the promises about a job's entries, from the first to `finish`, against one adapter. */
export function describeJobQueue(name: string, open: () => Promise<QueueUnderTest>): void {
  describe(`the flow of a job in ${name}`, () => {
    let under: FlowFixture['under'];
    let workers: FlowFixture['workers'];
    let run: FlowFixture['run'];
    let bundle: FlowFixture['bundle'];
    let addFlow: FlowFixture['addFlow'];
    let addScore: FlowFixture['addScore'];
    let addClips: FlowFixture['addClips'];
    let work: FlowFixture['work'];
    let ourFinishes: FlowFixture['ourFinishes'];
    let untilFinished: FlowFixture['untilFinished'];
    useFlow(open, (fixture) => {
      ({ under, workers, run, bundle, addFlow, addScore, addClips, work, ourFinishes, untilFinished } = fixture);
    });

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
        clips: [
          {
            track: 0,
            clip: 1,
            bundle: bundle.digest.slice(0, 12),
            error: { code: 'inference_failed', message: 'a poisoned clip' },
          },
        ],
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
  });
}
