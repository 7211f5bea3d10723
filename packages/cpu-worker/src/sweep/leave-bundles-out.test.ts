import { writeScore } from '@styleflow/clips';
import { type BundleFacts, digest12, type JobId, scoreQueueName } from '@styleflow/contracts';
import { preparePayloadOf } from '@styleflow/queue';
import { until } from '@styleflow/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { quietLogger, startTestSystem, type TestSystem } from '../test-system.js';
import { leaveBundlesOut } from './leave-bundles-out.js';
import type { SweepPorts } from './sweep-ports.js';

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem();
});
afterAll(() => system.stop());

const DAY = 86_400_000;

function round(outageBudgetMs: number): Promise<void> {
  const { records, lists, batches, custodyLogs, endedJobs, lostJobs, claims, tellWhichStore } = system;
  const { leases, clock, deletionPace, queue, store } = system;
  const { arrivals, opinions, shadows, announcements } = system.connection;
  const ports: SweepPorts = {
    ...{ records, lists, batches, custodyLogs, endedJobs, lostJobs, claims, tellWhichStore, leases, clock },
    ...{ arrivals, deletionPace, queue, store, opinions, shadows, announcements, outageBudgetMs, logger: quietLogger },
    retention: { redisMs: DAY, mediaMs: DAY, resultMs: DAY, maxPerMinute: 1000 },
  };
  return leaveBundlesOut(ports);
}

const someBundle = (first: string): BundleFacts => {
  const digest = first.repeat(64);
  return {
    ...{ id: `b@${digest12(digest)}`, digest, variant: 'content', precision: 'fp32', trained: true, threshold: 0.5 },
    calibration: { a: 1, b: 0 },
  };
};

/** A job whose two clips wait for each of these bundles. */
async function waitingJob(bundles: readonly BundleFacts[]): Promise<JobId> {
  const { records, queue } = system;
  const [bundle = someBundle('0')] = bundles;
  const record = await system.createJob({ bundles: bundles.map(({ id }) => id) }, undefined, { bundle, bundles });
  const run = { job: record.id, run: 1 };
  await queue.addFlow(preparePayloadOf(record));
  await records.beginPrepare(run);
  const all = bundles.map(({ digest }) => digest12(digest));
  for (const { digest } of bundles) {
    for (const clip of [0, 1]) {
      const score = { v: 3, ...run, track: 0, clip, keepCrops: false, bundle: digest12(digest), bundles: all } as const;
      await queue.addScore(score, digest, 5);
    }
  }
  return record.id;
}

const waitingFor = async ({ digest }: BundleFacts): Promise<number> => {
  const depths = await system.queue.depths();
  return depths.find(({ name }) => name === scoreQueueName(digest12(digest)))?.waiting ?? 0;
};
const serve = ({ digest }: BundleFacts): Promise<void> =>
  system.connection.announcements.announce({
    ...{ id: digest, kind: 'gpu-worker', version: '0.1.0', host: 'a', pid: 1, health: 'ready' },
    ...{ startedAt: '2026-01-01T00:00:00.000Z', queue: scoreQueueName(digest12(digest)) },
  });

describe('a bundle of several that nobody serves', () => {
  it('is waited for until the outage budget is over, then its entries go and clips that the others have scored count', async () => {
    const [served, absent] = [someBundle('a'), someBundle('b')];
    await serve(served);
    const job = await waitingJob([served, absent]);
    const scored = { job, run: 1, track: 0, clip: 1, bundle: digest12(served.digest) };
    await writeScore(system.store, scored, { v: 1, logit: 1, batchSize: 1, provider: 'cpu' });
    await round(DAY);
    expect(await waitingFor(absent)).toBe(2);
    await round(-1);
    expect([await waitingFor(served), await waitingFor(absent)]).toEqual([2, 0]);
    const record = await system.records.read(job);
    expect(record).toMatchObject({ leftOut: [digest12(absent.digest)], progress: { clipsScored: 1 } });
    await system.records.end({ job, run: 1 }, { status: 'canceled' });
  });

  it('holds the end of its job up no longer, once prepare and the other bundles have done their part', async () => {
    const [served, absent] = [someBundle('e'), someBundle('f')];
    await serve(served);
    const job = await waitingJob([served, absent]);
    const { queue } = system;
    let [scored, finished] = [0, 0];
    const workers = [
      queue.workPrepare(async () => undefined, { concurrency: 1 }),
      queue.workScore(
        async () => {
          scored += 1;
        },
        { concurrency: 1, bundleDigest: served.digest },
      ),
      queue.workFinish(
        async ({ payload }) => {
          if (payload.job === job) finished += 1;
        },
        { concurrency: 1 },
      ),
    ];
    await until('the bundle that is served has scored both clips', () => scored === 2);
    expect(finished).toBe(0);
    await until('finish has been started', async () => {
      await round(-1);
      return finished === 1;
    });
    await Promise.all(workers.map((worker) => worker.close(0)));
    await system.records.end({ job, run: 1 }, { status: 'canceled' });
  });

  it('beside another one counts the clips of both, once both are left out', async () => {
    const bundles = [someBundle('7'), someBundle('8')];
    const job = await waitingJob(bundles);
    await round(-1);
    expect(await Promise.all(bundles.map(waitingFor))).toEqual([0, 0]);
    expect((await system.records.read(job))?.progress).toMatchObject({ clipsScored: 2 });
    await system.records.end({ job, run: 1 }, { status: 'canceled' });
  });

  it('keeps no job from being canceled', async () => {
    const bundles = [someBundle('1'), someBundle('2')];
    const job = await waitingJob(bundles);
    await system.records.requestCancel(job);
    await system.queue.dropWaiting({ job, run: 1 });
    expect(await Promise.all(bundles.map(waitingFor))).toEqual([0, 0]);
    await system.records.end({ job, run: 1 }, { status: 'canceled' });
  });

  it('is left out by the next round, too, where entries were added meanwhile', async () => {
    const [served, absent] = [someBundle('a'), someBundle('c')];
    await serve(served);
    const job = await waitingJob([served, absent]);
    await system.connection.opinions.leaveOut({ job, run: 1 }, digest12(absent.digest));
    await round(DAY);
    expect(await waitingFor(absent)).toBe(0);
    await system.records.end({ job, run: 1 }, { status: 'canceled' });
  });

  it('that is served again in time is waited for anew', async () => {
    const late = someBundle('d');
    const job = await waitingJob([late]);
    await round(DAY);
    await serve(late);
    await round(-1);
    expect((await system.records.read(job))?.leftOut).toBeUndefined();
    await system.records.end({ job, run: 1 }, { status: 'canceled' });
  });
});
