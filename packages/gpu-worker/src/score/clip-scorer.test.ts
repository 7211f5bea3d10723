import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openServableBundle, untrainedBundleDirectory } from '@styleflow/bundles';
import { ClipScoreSchema, mintJobId } from '@styleflow/contracts';
import { metrics } from '@styleflow/runtime';
import { clipScoreKey, type ObjectStore, openObjectStore } from '@styleflow/storage';
import { expectClose } from '@styleflow/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { storeClip, storeIn } from '../test-jobs.js';
import { type ClipScorer, openClipScorer } from './clip-scorer.js';

/** The contract bounds the difference between the batch sizes 1 and 8. */
const CLIPS = 8;

describe('scores of the same clips', { timeout: 180_000 }, () => {
  let folder: string;
  let store: ObjectStore;
  let scorer: ClipScorer;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'styleflow-scorer-'));
    store = await openObjectStore(storeIn(folder));
    const { graphPath } = await openServableBundle(untrainedBundleDirectory());
    scorer = await openClipScorer({
      graphPath,
      graph: 'styleflow.onnx',
      session: { providers: ['cpu'], threads: 2 },
      maxBatch: CLIPS,
      store: storeIn(folder),
      unpackThreads: 2,
    });
  }, 180_000);
  afterAll(async () => {
    await scorer?.close();
    await store?.close();
    await rm(folder, { recursive: true });
  });

  /** Stores and loads the same clips for a new job, scores them in batches of `size`, and reads the scores. */
  async function score(seeds: readonly number[], size: number, { isShadows = false } = {}) {
    const job = mintJobId();
    await Promise.all(seeds.map((seed, clip) => storeClip(store, job, clip, seed)));
    const loaded = [];
    for (const clip of seeds.keys()) {
      const found = await scorer.load({ job, run: 1, track: 0, clip }, { isShadows });
      if (!found) throw new Error('the clip of a fresh job has a score');
      loaded.push(found);
    }
    for (let first = 0; first < loaded.length; first += size) {
      for (const outcome of await scorer.score(loaded.slice(first, first + size))) {
        expect(outcome).toHaveProperty('value');
      }
    }
    await Promise.all(loaded.map((clip) => scorer.discard(clip)));
    return Promise.all(
      seeds.map(async (_, clip) => {
        const stored = await store.get(clipScoreKey(job, 1, 0, clip));
        return ClipScoreSchema.parse(JSON.parse(String(stored)));
      }),
    );
  }
  /** Tensor batches, clips that waited and runs of the device, by the metrics. */
  async function counted(): Promise<number[]> {
    const { body } = await metrics.page();
    const names = ['clip_batch_size', 'clip_wait_seconds', 'inference_seconds'];
    return names.map((name) => Number(new RegExp(`^styleflow_${name}_count\\S* (\\d+)$`, 'm').exec(body)?.[1] ?? 0));
  }
  const SEEDS = Array.from({ length: CLIPS }, (_, seed) => seed);
  const logitsOf = (scores: readonly { logit: number }[]) => scores.map(({ logit }) => logit);

  it('are the same bits in two runs at the same batch size, and counted for clients, not for shadows', async () => {
    const before = await counted();
    const first = await score(SEEDS, 8);
    expect(await counted()).toEqual([1, CLIPS, 1].map((more, at) => (before[at] ?? 0) + more));
    const scored = await counted();
    expect(await score(SEEDS, 8, { isShadows: true })).toEqual(first);
    expect(await counted()).toEqual(scored);
  });

  it('are the same bits whatever else is in a batch of that size, padding included', async () => {
    const full = await score(SEEDS.slice(0, 4), 4);
    const padded = await score(SEEDS.slice(1, 4), 3);
    expect(padded.map(({ batchSize }) => batchSize)).toEqual([4, 4, 4]);
    expect(padded).toEqual(full.slice(1));
  });

  it('differ by at most 1e-4 between batch size 1 and 8', async () => {
    const single = await score(SEEDS, 1);
    const together = await score(SEEDS, 8);
    expect(single[0]).toMatchObject({ batchSize: 1, provider: 'cpu', graph: 'styleflow.onnx' });
    expect(together[0]?.batchSize).toBe(8);
    expect(new Set(logitsOf(single)).size).toBe(CLIPS);
    expectClose(logitsOf(together), logitsOf(single), { abs: 1e-4 });
  });

  it('are proven by one clip, on the CPU', () => {
    expect(scorer.facts.warmUp.map(({ batchSize }) => batchSize)).toEqual([1]);
    expect(scorer.facts).toMatchObject({ provider: 'cpu', maxBatch: CLIPS });
  });

  it('cannot be asked of a clip that was let go', async () => {
    const job = mintJobId();
    await storeClip(store, job, 0, 1);
    const clip = await scorer.load({ job, run: 1, track: 0, clip: 0 });
    if (!clip) throw new Error('the clip of a fresh job has a score');
    await scorer.discard(clip);
    await expect(scorer.score([clip])).rejects.toMatchObject({ code: 'internal' });
    expect(await store.get(clipScoreKey(job, 1, 0, 0))).toBeNull();
  });
});
