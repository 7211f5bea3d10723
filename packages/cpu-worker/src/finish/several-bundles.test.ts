import { writeScore } from '@styleflow/clips';
import { type BundleFacts, digest12, JobError, type JobOptions, type Result, ResultSchema } from '@styleflow/contracts';
import type { ChildFailures } from '@styleflow/queue';
import { clipKey, preparedKey, resultKey } from '@styleflow/storage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { samplePrepared, sampleRecord, sampleTrack } from '../sample-job.js';
import { quietLogger, startTestSystem, type TestSystem } from '../test-system.js';
import { finishJobHandler } from './finish-job-handler.js';

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem();
});
afterAll(() => system.stop());

const CALIBRATED: Partial<BundleFacts> = { calibratedOn: { run: 'run_1', date: '2026-01-01', data: 'videos' } };

function bundleOf(name: string, changes: Partial<BundleFacts> = {}): BundleFacts {
  const digest = Buffer.from(name.padEnd(6, '_')).toString('hex').padEnd(64, '0');
  return { ...sampleRecord().bundle, id: `${name}@${digest12(digest)}`, digest, threshold: 0.5, ...changes };
}

interface Judged {
  readonly bundle: BundleFacts;
  /** Null: the clip has no score. */
  readonly logit: (clip: number) => number | null;
}

/** A job whose clips, five of one face, have been scored so; what its finish makes of it. */
async function finishOf(
  judges: readonly Judged[],
  {
    options = {},
    leftOut = [],
    failures,
  }: { options?: Partial<JobOptions>; leftOut?: BundleFacts[]; failures?: ChildFailures } = {},
) {
  const { records, store, connection } = system;
  const bundles = judges.map(({ bundle }) => bundle);
  const [bundle = bundleOf('none')] = bundles;
  const { id: job } = await system.createJob({ ...options, bundles: bundles.map(({ id }) => id) }, undefined, {
    ...{ bundle, bundles },
  });
  const run = { job, run: 1 };
  await records.beginPrepare(run);
  await store.put(preparedKey(job, 1), JSON.stringify(samplePrepared([sampleTrack(0, 5)])), 'application/json');
  for (const each of judges) {
    for (let clip = 0; clip < 5; clip += 1) {
      const logit = each.logit(clip);
      await store.put(clipKey(job, 1, 0, clip), 'pixels', 'application/octet-stream');
      if (logit === null) continue;
      const place = { ...run, track: 0, clip, bundle: digest12(each.bundle.digest) };
      await writeScore(store, place, { v: 1, logit, batchSize: 1, provider: 'cpu' });
    }
  }
  for (const { digest } of leftOut) await connection.opinions.leaveOut(run, digest12(digest));
  await records.beginScoring(run);
  const queue = { ...system.queue, childFailures: async () => failures ?? { prepare: null, clips: [] } };
  await finishJobHandler({
    ...{ records, queue, store, shadows: connection.shadows },
    ...{ logger: quietLogger, version: '0.1.0', language: 'en' },
  })({
    ...{ payload: { v: 1, ...run }, number: 1, wasStalled: false, signal: new AbortController().signal },
    finalError: (error) => (error.retryable ? null : error),
  });
  const stored = (await store.get(resultKey(job)))?.toString();
  return { record: await records.read(job), result: stored === undefined ? null : parsed(stored) };
}

const parsed = (text: string): Result => ResultSchema.parse(JSON.parse(text));
const always = (logit: number) => (): number => logit;

describe('a job with several bundles', () => {
  it('holds the numbers and the verdict of each, and the majority of those that vote', async () => {
    const [a, b, c] = [bundleOf('a'), bundleOf('b'), bundleOf('c', { trained: false })];
    const { result, record } = await finishOf([
      { bundle: a, logit: (clip) => clip },
      { bundle: b, logit: always(1) },
      { bundle: c, logit: always(-3) },
    ]);
    expect(result?.opinions?.map(({ model, verdict }) => [model.bundle, verdict?.label, verdict?.reason])).toEqual([
      [a.id, 'fake', undefined],
      [b.id, 'fake', undefined],
      [c.id, 'inconclusive', 'untrained_bundle'],
    ]);
    expect(result?.opinions?.[0]?.faces[0]?.clips.map(({ logit }) => logit)).toEqual([0, 1, 2, 3, 4]);
    expect(result).toMatchObject({
      verdict: { label: 'fake', score: 1, threshold: 0.5 },
      combined: { rule: 'majority', abstained: [c.id], disagreed: [] },
      model: { bundle: a.id },
      partial: false,
    });
    expect(result?.faces[0]?.score).toBe(result?.opinions?.[0]?.faces[0]?.score);
    expect(record).toMatchObject({ status: 'succeeded', verdict: result?.verdict });
  });

  it('is judged by the mean where all are calibrated and nothing else was asked for', async () => {
    const judges = [
      { bundle: bundleOf('a', CALIBRATED), logit: always(3) },
      { bundle: bundleOf('b', CALIBRATED), logit: always(-1) },
    ];
    const { result } = await finishOf(judges);
    // σ((3 − 1) / 2) = σ(1).
    expect(result?.verdict).toEqual({ label: 'fake', score: expect.closeTo(0.7310585786300049, 12), threshold: 0.5 });
    expect(result?.combined).toMatchObject({ rule: 'mean', disagreed: [judges[1]?.bundle.id] });
    expect((await finishOf(judges, { options: { combine: 'any' } })).result?.combined?.rule).toBe('any');
  });

  it('counts four fifths of the clips for each bundle, and goes on without one that scored fewer', async () => {
    const [a, b] = [bundleOf('a'), bundleOf('b')];
    const error = new JobError('inference_failed', 'out of memory', { retryable: false });
    const clips = [0, 1].map((clip) => ({ track: 0, clip, bundle: digest12(b.digest), error }));
    const { result } = await finishOf(
      [
        { bundle: a, logit: (clip) => (clip === 4 ? null : -2) },
        { bundle: b, logit: (clip) => (clip < 2 ? null : 9) },
      ],
      { failures: { prepare: null, clips: [...clips, { track: 0, clip: 4, bundle: digest12(a.digest), error }] } },
    );
    expect(result?.opinions).toMatchObject([
      { partial: true, verdict: { label: 'real' } },
      {
        leftOut: {
          reason: 'clips_failed',
          message: '2 of 5 clips could not be scored. The first of them: out of memory',
        },
      },
    ]);
    expect(result).toMatchObject({ partial: true, verdict: { label: 'real' }, combined: { abstained: [b.id] } });
  });

  it('names a bundle that nobody served, shows the scores of the next, and fails where nobody served any', async () => {
    const [a, b] = [bundleOf('a'), bundleOf('b')];
    // Its workers went when they had scored one clip.
    const begun = (clip: number): number | null => (clip === 0 ? 1 : null);
    const { result } = await finishOf(
      [
        { bundle: a, logit: begun },
        { bundle: b, logit: always(1) },
      ],
      { leftOut: [a] },
    );
    expect(result?.opinions?.[0]).toMatchObject({
      leftOut: { reason: 'no_workers', message: `No worker served ${a.id} for longer than the outage budget.` },
      faces: [],
    });
    expect(result).toMatchObject({ model: { bundle: b.id }, verdict: { label: 'fake' } });
    const without = await finishOf(
      [a, b].map((bundle) => ({ bundle, logit: begun })),
      { leftOut: [a, b] },
    );
    expect(without.record).toMatchObject({
      status: 'failed',
      error: { code: 'inference_failed', message: expect.stringContaining(`${a.id} for longer`) },
    });
    expect(without.record?.error?.message).toContain(`${b.id} for longer`);
  });
});
