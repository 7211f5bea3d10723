import { writeScore } from '@styleflow/clips';
import {
  type BundleFacts,
  type ClipVariant,
  digest12,
  JobError,
  type JobOptions,
  type Result,
  ResultSchema,
} from '@styleflow/contracts';
import { type ChildFailures, type JobRecord, preparePayloadOf } from '@styleflow/queue';
import { clipKey, clipsPrefix, preparedKey, resultKey } from '@styleflow/storage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { samplePrepared, sampleRecord, sampleTrack } from '../sample-job.js';
import { quietLogger, startTestSystem, type TestSystem } from '../test-system.js';
import { finishJobHandler } from './finish-job-handler.js';

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem();
});
afterAll(() => system.stop());

const CLIPS = 5;
const PLACES = [undefined, 'h264', 'half'] as const;
/** The logit of a clip in an encoding; null: it has no score. */
type Logits = (variant: ClipVariant | undefined, clip: number) => number | null;
const always =
  (plain: number, h264: number, half: number): Logits =>
  (variant) =>
    variant === undefined ? plain : { h264, half }[variant];

interface Finished {
  readonly record: JobRecord | null;
  readonly result: Result | null;
  readonly asked: number;
  readonly pixels: string[];
}

/** A job whose clips, five of one face, were scored so, by each bundle; what its finish makes of it. */
async function finishOf(
  judges: readonly { readonly bundle: BundleFacts; readonly logits: Logits }[],
  options: Partial<JobOptions> = { stability: true },
  leftOut: readonly BundleFacts[] = [],
): Promise<Finished> {
  const { records, store } = system;
  const bundles = judges.map(({ bundle }) => bundle);
  const [bundle = sampleRecord().bundle] = bundles;
  const several = bundles.length > 1 ? { bundles } : {};
  const { id: job } = await system.createJob(options, undefined, { bundle, ...several });
  const run = { job, run: 1 };
  await records.beginPrepare(run);
  await store.put(preparedKey(job, 1), JSON.stringify(samplePrepared([sampleTrack(0, CLIPS)])), 'application/json');
  const clips: ChildFailures['clips'][number][] = [];
  for (const { bundle: judge, logits } of judges) {
    const place = bundles.length > 1 ? digest12(judge.digest) : undefined;
    for (let clip = 0; clip < CLIPS; clip += 1) {
      for (const variant of PLACES) {
        const ref = { ...run, track: 0, clip, bundle: place, variant };
        const logit = logits(variant, clip);
        await store.put(clipKey(job, 1, 0, clip, variant), 'pixels', 'application/octet-stream');
        if (logit !== null) await writeScore(store, ref, { v: 1, logit, batchSize: 1, provider: 'cpu' });
        else
          clips.push({
            track: 0,
            clip,
            bundle: digest12(judge.digest),
            error: new JobError('inference_failed', 'out of memory', { retryable: false }),
          });
      }
    }
  }
  for (const { digest } of leftOut) await system.connection.opinions.leaveOut(run, digest12(digest));
  await records.beginScoring(run);
  let asked = 0;
  const prepareAgain = async (): Promise<boolean> => {
    asked += 1;
    return false;
  };
  const queue = { ...system.queue, prepareAgain, childFailures: async () => ({ prepare: null, clips }) };
  await finishJobHandler({
    ...{ records, queue, store, shadows: system.connection.shadows, logger: quietLogger },
    ...{ version: '0.1.0', language: 'en' as const },
  })({
    ...{ payload: { v: 1, ...run }, number: 1, wasStalled: false, signal: new AbortController().signal },
    finalError: (error) => (error.retryable ? null : error),
  });
  const stored = (await store.get(resultKey(job)))?.toString();
  const pixels: string[] = [];
  for await (const { key } of store.list(clipsPrefix(job, 1))) pixels.push(key);
  const result = stored === undefined ? null : ResultSchema.parse(JSON.parse(stored));
  return { record: await records.read(job), result, asked, pixels };
}

function bundleOf(name: string, changes: Partial<BundleFacts> = {}): BundleFacts {
  const digest = Buffer.from(name.padEnd(6, '_')).toString('hex').padEnd(64, '0');
  return { ...sampleRecord().bundle, id: `${name}@${digest12(digest)}`, digest, threshold: 0.5, ...changes };
}

describe('a job with the option stability', () => {
  it('answers the scores of all three encodings and keeps a verdict that holds', async () => {
    const { result, record, pixels } = await finishOf([{ bundle: bundleOf('a'), logits: always(2, 1, 3) }]);
    const scores = {
      plain: expect.closeTo(0.8808, 4),
      h264: expect.closeTo(0.7311, 4),
      half: expect.closeTo(0.9526, 4),
    };
    expect(result?.stability).toEqual({
      ...{ state: 'stable', scores, spread: expect.closeTo(0.2215, 4) },
      labels: { plain: 'fake', h264: 'fake', half: 'fake' },
      clips: { planned: CLIPS, h264: CLIPS, half: CLIPS },
      faces: [{ track: 0, scores, spread: expect.closeTo(0.2215, 4) }],
    });
    expect(result?.verdict).toEqual({ label: 'fake', score: scores.plain, threshold: 0.5 });
    expect(result?.pipeline.options).toMatchObject({ stability: true });
    expect(record).toMatchObject({ status: 'succeeded', verdict: result?.verdict });
    expect(pixels).toEqual([]);
  });

  it('gives no verdict that flips, and says so in its report', async () => {
    const { result, record } = await finishOf([{ bundle: bundleOf('a'), logits: always(2, 1, -1) }]);
    expect(result?.verdict).toMatchObject({
      label: 'inconclusive',
      reason: 'unstable',
      score: expect.closeTo(0.8808, 4),
    });
    expect(result?.stability).toMatchObject({
      state: 'unstable',
      labels: { plain: 'fake', h264: 'fake', half: 'real' },
    });
    const report = String(await system.store.get(`jobs/${record?.id}/report.html`));
    expect(report).toContain('<h1>The verdict does not hold</h1>');
    expect(report).toContain('Scores after mild re-encoding');
  });

  it('says unknown, and gives no verdict, where too few re-encoded clips were scored; four fifths are enough', async () => {
    const bundle = bundleOf('a');
    const few = await finishOf([{ bundle, logits: (variant, clip) => (variant === 'half' && clip < 2 ? null : 2) }]);
    expect(few.result).toMatchObject({
      ...{ verdict: { label: 'inconclusive', reason: 'unstable' }, partial: false },
      stability: { state: 'unknown', scores: { half: null }, spread: null, clips: { h264: 5, half: 3 } },
    });
    const enough = await finishOf([
      { bundle, logits: (variant, clip) => (variant === 'half' && clip === 0 ? null : 2) },
    ]);
    expect(enough.result).toMatchObject({
      verdict: { label: 'fake' },
      stability: { state: 'stable', clips: { half: 4 } },
    });
  });

  it('claims nothing for random weights', async () => {
    const { result } = await finishOf([{ bundle: bundleOf('a', { trained: false }), logits: always(2, 1, -1) }]);
    expect(result).toMatchObject({ verdict: { reason: 'untrained_bundle' }, stability: { state: 'no_verdict' } });
  });

  it('goes on without one of several bundles whose workers went before they had scored the re-encodings, and names it', async () => {
    const [a, b] = [bundleOf('a'), bundleOf('b')];
    const { result } = await finishOf(
      [
        { bundle: a, logits: always(2, 2, 2) },
        { bundle: b, logits: (variant) => (variant === undefined ? -2 : null) },
      ],
      { stability: true },
      [b],
    );
    expect(result?.opinions?.[1]).toMatchObject({ leftOut: { reason: 'no_workers' }, faces: [] });
    expect(result).toMatchObject({ verdict: { label: 'fake' }, combined: { abstained: [b.id] } });
  });

  it('judges each of several bundles by its own stability: one that does not hold abstains', async () => {
    const [a, b] = [bundleOf('a'), bundleOf('b')];
    const { result } = await finishOf([
      { bundle: a, logits: always(2, -1, 2) },
      { bundle: b, logits: always(-2, -1, -2) },
    ]);
    expect(result?.opinions).toMatchObject([
      { verdict: { label: 'inconclusive', reason: 'unstable' }, stability: { state: 'unstable' } },
      { verdict: { label: 'real' }, stability: { state: 'stable' } },
    ]);
    expect(result).toMatchObject({
      verdict: { label: 'real' },
      combined: { abstained: [a.id], votes: [{ bundle: b.id, label: 'real' }] },
      stability: { state: 'unstable' },
    });
  });

  it('has a re-encoded clip made again that has neither score nor pixels', async () => {
    const { id: job } = await system.createJob({ stability: true });
    const run = { job, run: 1 };
    await system.records.beginPrepare(run);
    const { store, records } = system;
    await store.put(preparedKey(job, 1), JSON.stringify(samplePrepared([sampleTrack(0, 1)])), 'application/json');
    for (const variant of [undefined, 'h264'] as const) {
      await writeScore(
        store,
        { ...run, track: 0, clip: 0, variant },
        { v: 1, logit: 1, batchSize: 1, provider: 'cpu' },
      );
    }
    const asked: unknown[] = [];
    const prepareAgain = async (payload: unknown): Promise<boolean> => asked.push(payload) > 0;
    const queue = { ...system.queue, prepareAgain, childFailures: async () => ({ prepare: null, clips: [] }) };
    const outcome = await finishJobHandler({
      ...{ records, queue, store, shadows: system.connection.shadows, logger: quietLogger },
      ...{ version: '0.1.0', language: 'en' as const },
    })({
      ...{ payload: { v: 1, ...run }, number: 1, wasStalled: false, signal: new AbortController().signal },
      finalError: () => null,
    });
    expect(outcome).toBe('await-children');
    const record = await records.read(job);
    expect(asked).toEqual([record && preparePayloadOf(record)]);
    expect(asked).toMatchObject([{ v: 4, options: { stability: true } }]);
  });

  it('keeps clips that are to be kept, and none of their re-encodings', async () => {
    const judges = [{ bundle: bundleOf('a'), logits: always(2, 2, 2) }];
    const { record, pixels } = await finishOf(judges, { stability: true, keepCrops: true });
    expect(pixels).toEqual(Array.from({ length: CLIPS }, (_, clip) => clipKey(record?.id ?? '', 1, 0, clip)));
  });

  it('leaves a result without it as it was', async () => {
    const { result, asked } = await finishOf([{ bundle: bundleOf('a'), logits: always(2, -1, -1) }], {});
    expect(asked).toBe(0);
    expect(result?.verdict.label).toBe('fake');
    expect(Object.keys(result ?? {})).not.toContain('stability');
    expect(result?.pipeline.options).toEqual({ maxFrames: 110, sampling: 'head', faces: 'all', detection: 'adaptive' });
  });
});
