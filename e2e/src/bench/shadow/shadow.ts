import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { digestOfId, type JobRun } from '@styleflow/contracts';
import { importOnnx } from '@styleflow/converter';
import type { JobChanges } from '@styleflow/queue';
import { until } from '@styleflow/testing';
import { MEAN_OF_PICTURE } from '../../system/mean-of-picture.js';
import { percentile } from '../batches/request-load.js';
import { openScoreLoad, type PendingClip, type ScoreLoad } from '../scale/score-load.js';
import { startSimulatedWorkers } from '../scale/simulated-workers.js';

/** A clip takes 250 ms, so a device scores 4 a second; both workers together decode them on less than a core. */
const DEVICE = { runMs: 0, clipMs: 250, maxBatch: 2 };
const CAPACITY = 1000 / DEVICE.clipMs;
const LOAD = 0.8;
/** In turn, so that what drifts on this machine touches both alike. */
const PHASES = ['without', 'with', 'with', 'without'] as const;
const VERDICT = { label: 'inconclusive', reason: 'untrained_bundle', score: 0.5, threshold: 0.5 } as const;
const OPTIONS = { STYLEFLOW_BATCH_WAIT_MS: '10', STYLEFLOW_UNPACK_THREADS: '1' };

/**
 * Measures what jobs of one clip wait from when they are due until they are scored, at 80 % of what the served bundle's simulated device
 * can do, with a shadow on a device of its own and without. Arrivals are the same in every phase.
 */
export async function benchShadow(say: (line: string) => void, minutes: number): Promise<Record<string, unknown>> {
  const folder = await mkdtemp(join(tmpdir(), 'styleflow-shadow-'));
  const load = await openScoreLoad();
  const waits: Record<(typeof PHASES)[number], number[]> = { with: [], without: [] };
  const shadowWork = { jobs: 0, scored: 0 };
  try {
    const changes = await load.connection.openChanges();
    const served = await startSimulatedWorkers(load, 1, DEVICE, OPTIONS);
    const shadow = await importShadow(folder);
    const perPhase = Math.max(1, Math.round((minutes * 60 * CAPACITY * LOAD) / PHASES.length));
    for (const phase of PHASES) {
      const clips: PendingClip[] = [];
      while (clips.length < perPhase) clips.push(...(await load.makeClips(1, served.bundle)));
      const workers =
        phase === 'with'
          ? await startSimulatedWorkers(load, 1, DEVICE, { ...OPTIONS, STYLEFLOW_BUNDLE: shadow.bundle })
          : null;
      const forShadow = workers === null ? null : shadow.place;
      const scoredBefore = (await load.connection.shadows.scored(100_000)).length;
      const seen = await arrive(load, changes, clips, forShadow);
      waits[phase].push(...seen);
      say(`${phase} a shadow: ${print(seen)}`);
      if (workers === null) continue;
      shadowWork.jobs += clips.length;
      shadowWork.scored += (await load.connection.shadows.scored(100_000)).length - scoredBefore;
      await until(
        'the shadow has scored the rest',
        async () => (await load.connection.shadows.state(shadow.place)).waiting === 0,
        { timeoutMs: 300_000 },
      );
      await workers.stop();
    }
    await served.stop();
    await changes.close();
  } finally {
    await load.close();
    await rm(folder, { recursive: true, force: true });
  }
  const [p50, p99] = [0.5, 0.99].map((share) => ({
    without: quantile(waits.without, share),
    with: quantile(waits.with, share),
  }));
  const ratio = (share: number): number => quantile(waits.with, share) / quantile(waits.without, share);
  return {
    ...{ load: LOAD, clipsEach: waits.with.length, p50Ms: p50, p99Ms: p99 },
    ...{ p50Ratio: ratio(0.5), p99Ratio: ratio(0.99) },
    // While clients' clips came; it scored the rest afterwards.
    shadowKeptUp: shadowWork.scored / shadowWork.jobs,
  };
}

/** A bundle that no client knows. */
async function importShadow(folder: string): Promise<{ readonly bundle: string; readonly place: string }> {
  const [model, descriptor, bundle] = [join(folder, 'mean.onnx'), join(folder, 'mean.json'), join(folder, 'bundle')];
  await writeFile(model, MEAN_OF_PICTURE);
  await writeFile(
    descriptor,
    JSON.stringify({ layout: 'NCHW', size: [64, 64], frames: 4, output: { kind: 'probability' }, threshold: 0.5 }),
  );
  const names = { name: 'shadow', fallbackName: 'shadow', trained: false };
  const { id } = await importOnnx({ model, descriptor, directory: bundle, mayReplaceOther: false, ...names });
  return { bundle, place: digestOfId(id) };
}

/** Queues the clips with exponential gaps from a fixed seed; answers what each waited for its score, in ms. */
async function arrive(
  load: ScoreLoad,
  changes: JobChanges,
  clips: readonly PendingClip[],
  shadow: string | null,
): Promise<number[]> {
  let seed = 1;
  let due = performance.now() + 1_000;
  const waiting: Promise<number>[] = [];
  for (const clip of clips) {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    due += (-Math.log((seed + 1) / 2 ** 32) * 1000) / (CAPACITY * LOAD);
    await wait(Math.max(0, due - performance.now()));
    waiting.push(score(load, changes, clip, { due, shadow }));
  }
  return Promise.all(waiting);
}

/** What CPU workers do for a clip, but for its pixels, which are there. */
async function score(
  { connection }: ScoreLoad,
  changes: JobChanges,
  { job, clip, bundleDigest }: PendingClip,
  { due, shadow }: { readonly due: number; readonly shadow: string | null },
): Promise<number> {
  const { records, shadows, queue } = connection;
  const run: JobRun = { job, run: 1 };
  const isShadowed =
    shadow !== null &&
    (await shadows.hold(run, [shadow], { forMs: 3_600_000, keepCrops: false })) &&
    (await shadows.keepClips(run, 1));
  const shadowed = isShadowed ? { shadowed: true as const } : {};
  const scored = changes.waitForChange(job, 300_000);
  await queue.addScore({ v: 2, ...run, track: 0, clip, keepCrops: false, ...shadowed }, bundleDigest, 5);
  await scored;
  const waited = performance.now() - due;
  await records.end(run, { status: 'succeeded', verdict: VERDICT });
  return waited;
}

const quantile = (values: readonly number[], share: number): number =>
  Math.round(
    percentile(
      [...values].sort((a, b) => a - b),
      share,
    ),
  );

const print = (waits: readonly number[]): string =>
  `${waits.length} clips, p50 ${quantile(waits, 0.5)} ms, p99 ${quantile(waits, 0.99)} ms`;
