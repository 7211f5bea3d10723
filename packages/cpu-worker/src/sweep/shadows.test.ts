import { writeScore } from '@styleflow/clips';
import { type BundleFacts, digest12, type JobRun } from '@styleflow/contracts';
import { clipKey, clipsPrefix, jobPrefix, preparedKey, reportKey, resultKey } from '@styleflow/storage';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { finishJobHandler } from '../finish/finish-job-handler.js';
import { samplePrepared, sampleRecord, sampleTrack } from '../sample-job.js';
import { quietLogger, startTestSystem, type TestSystem } from '../test-system.js';
import { type ComparePorts, compareShadows } from './compare-shadows.js';
import { letShadowsGo } from './let-shadows-go.js';

const CLIPS = 5;
const MINUTE = 60_000;

let system: TestSystem;
let shadow: BundleFacts;
let tests = 0;
beforeAll(async () => {
  system = await startTestSystem();
});
afterAll(() => system.stop());
beforeEach(async () => {
  tests += 1;
  const digest = `abc${String(tests).padStart(9, '0')}`.padEnd(64, '0');
  shadow = { ...sampleRecord().bundle, id: `shadow@${digest12(digest)}`, digest, threshold: 0.5 };
  await system.connection.announcements.rememberBundle(shadow);
});

/** What of the system these parts of the sweep work with. */
function sweepPorts(): ComparePorts {
  const { records, store, clock } = system;
  const { shadows, announcements } = system.connection;
  return { ...{ records, store, clock, shadows, announcements }, logger: quietLogger };
}

/** A job whose five clips wait for the shadow, too, and have been scored for clients unless a test says otherwise. */
async function shadowedJob({ forMs = MINUTE, keepCrops = false } = {}) {
  const { records, store, connection } = system;
  const { id: job } = await system.createJob({ keepCrops });
  const run: JobRun = { job, run: 1 };
  await records.beginPrepare(run);
  await connection.shadows.hold(run, [digest12(shadow.digest)], { forMs, keepCrops });
  await connection.shadows.keepClips(run, CLIPS);
  await store.put(preparedKey(job, 1), JSON.stringify(samplePrepared([sampleTrack(0, CLIPS)])), 'application/json');
  for (let clip = 0; clip < CLIPS; clip += 1) {
    await store.put(clipKey(job, 1, 0, clip), 'pixels', 'application/octet-stream');
    await writeScore(store, { ...run, track: 0, clip }, { v: 1, logit: 3, batchSize: 1, provider: 'cpu' });
  }
  await records.beginScoring(run);
  return run;
}

async function finish(run: JobRun): Promise<void> {
  const { records, queue, store, connection } = system;
  const ports = { records, queue, store, shadows: connection.shadows, logger: quietLogger };
  await finishJobHandler({ ...ports, version: '0.1.0', language: 'en' })({
    ...{ payload: { v: 1, ...run }, number: 1, wasStalled: false, signal: new AbortController().signal },
    finalError: (error) => error,
  });
}

/** What the shadow's worker does with the run that it takes. */
async function scoreForShadow(run: JobRun, { clips = CLIPS, logit = -3 } = {}): Promise<void> {
  const { shadows } = system.connection;
  const bundle = digest12(shadow.digest);
  expect(await shadows.take(bundle)).toEqual(run);
  for (let clip = 0; clip < clips; clip += 1) {
    await writeScore(system.store, { ...run, track: 0, clip, bundle }, { v: 1, logit, batchSize: 1, provider: 'cpu' });
  }
  await shadows.noteScored({ ...run, bundle });
}

const stateOf = () => system.connection.shadows.state(digest12(shadow.digest));

async function pixelsOf({ job }: JobRun): Promise<number> {
  let count = 0;
  for await (const _ of system.store.list(clipsPrefix(job, 1))) count += 1;
  return count;
}

describe('a shadow', () => {
  it('scores a job that has ended without it, and is compared; neither clients nor the report learn of it', async () => {
    const run = await shadowedJob();
    await finish(run);
    expect(await system.records.read(run.job)).toMatchObject({ status: 'succeeded', verdict: { label: 'fake' } });
    expect(await pixelsOf(run)).toBe(CLIPS);
    await scoreForShadow(run);
    await compareShadows(sweepPorts());
    expect(await pixelsOf(run)).toBe(0);
    const { comparisons, waiting } = await stateOf();
    expect([comparisons.length, waiting]).toEqual([1, 0]);
    expect(comparisons[0]).toMatchObject({
      ...run,
      shadow: { label: 'real', score: expect.closeTo(1 / (1 + Math.exp(3)), 12) },
      served: [{ verdict: { label: 'fake', score: expect.closeTo(1 / (1 + Math.exp(-3)), 12) } }],
    });
    const events = await system.records.eventsAfter(run.job, '');
    const record = await system.records.read(run.job);
    const page = `${await system.store.get(resultKey(run.job))} ${await system.store.get(reportKey(run.job))}`;
    expect(`${page} ${JSON.stringify([events, record])}`).not.toContain(digest12(shadow.digest));
    expect(await system.connection.shadows.isHeld(run)).toBe(false);
  });

  it('claims no verdict when it is not trained', async () => {
    shadow = { ...shadow, trained: false };
    await system.connection.announcements.rememberBundle(shadow);
    const run = await shadowedJob();
    await finish(run);
    await scoreForShadow(run, { logit: 9 });
    await compareShadows(sweepPorts());
    const [comparison] = (await stateOf()).comparisons;
    expect(comparison?.shadow).toMatchObject({ label: 'inconclusive', reason: 'untrained_bundle' });
    expect(comparison?.shadow.score).toBeGreaterThan(0.99);
  });

  it('that scored less than four fifths of the clips is not compared', async () => {
    const run = await shadowedJob();
    await finish(run);
    await scoreForShadow(run, { clips: 3 });
    await compareShadows(sweepPorts());
    expect(await stateOf()).toMatchObject({ comparisons: [], missed: { incomplete: 1 } });
  });

  it('without any worker holds neither the job nor, beyond the deadline, its pixels', async () => {
    const run = await shadowedJob({ forMs: -1 });
    await letShadowsGo(sweepPorts());
    // The job still needed them.
    expect(await pixelsOf(run)).toBe(CLIPS);
    await finish(run);
    expect(await pixelsOf(run)).toBe(0);
    const late = await shadowedJob({ forMs: 1 });
    await finish(late);
    await letShadowsGo(sweepPorts());
    expect([await pixelsOf(late), await system.connection.shadows.take(digest12(shadow.digest))]).toEqual([0, null]);
    expect((await stateOf()).missed.expired).toBe(2);
  });

  it('takes no pixels from a job that keeps them', async () => {
    const run = await shadowedJob({ forMs: -1, keepCrops: true });
    await finish(run);
    await letShadowsGo(sweepPorts());
    expect(await pixelsOf(run)).toBe(CLIPS);
  });

  it('has nothing more to do with a job that was deleted', async () => {
    const run = await shadowedJob();
    await finish(run);
    await system.store.deletePrefix(jobPrefix(run.job));
    await system.records.bury(run.job);
    expect(await system.connection.shadows.take(digest12(shadow.digest))).toBeNull();
    expect(await stateOf()).toMatchObject({ comparisons: [], waiting: 0 });
  });
});
