import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CLIP_BYTES } from '@styleflow/clips';
import { JobError, mintJobId } from '@styleflow/contracts';
import { type Feeds, OutOfMemory, type ThreadedSession } from '@styleflow/inference';
import { openObjectStore } from '@styleflow/storage';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { storeIn } from '../test-jobs.js';
import { BatchScorer } from './batch-scorer.js';
import { DeviceWatch } from './device-watch.js';

/** A device with memory for this many clips. */
function deviceFor(clips: number, provider: ThreadedSession['provider'] = 'cuda'): ThreadedSession {
  return {
    inputNames: ['clips'],
    outputNames: ['logit'],
    provider,
    placement: null,
    died: new Promise(() => {}),
    run: () => Promise.reject(new Error('the scorer lends its memory')),
    runLent: async (feeds: Feeds, onReturn) => {
      const size = feeds.clips?.dims[0] ?? 0;
      onReturn(feeds);
      if (size > clips) {
        throw new JobError('inference_failed', 'no room', { cause: new OutOfMemory('no room') });
      }
      return { outputs: { logit: { type: 'float32', dims: [size], data: new Float32Array(size) } }, seconds: 0.5 };
    },
    release: async () => {},
  };
}

const neverAsked = () => Promise.reject(new Error('no clip is loaded here'));

describe('warming up', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'styleflow-warm-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  async function warmUp(session: ThreadedSession, maxBatch: number, provenClipSeconds?: number) {
    const store = await openObjectStore(storeIn(folder));
    const expected: number[] = [];
    const watch = { expect: (seconds: number) => expected.push(seconds), during: new DeviceWatch().during };
    const graph = 'styleflow.onnx';
    const scorer = new BatchScorer({ session, graph, store, unpack: neverAsked, maxBatch, watch });
    const { maxBatch: fitting, warmUp: runs } = await scorer.warmUp(provenClipSeconds);
    return { fitting, sizes: runs.map(({ batchSize }) => batchSize), expected };
  }
  const sizesOf = async (room: number, maxBatch: number) => (await warmUp(deviceFor(room), maxBatch)).sizes;

  it('runs every size, the largest first, then the smallest: nothing between is outside of what was seen', async () => {
    expect(await sizesOf(8, 8)).toEqual([8, 1, 4, 2]);
    expect(await sizesOf(6, 6)).toEqual([6, 1, 4, 2]);
    expect(await sizesOf(1, 1)).toEqual([1]);
  });

  it('gives up the sizes that the device cannot hold', async () => {
    expect(await sizesOf(3, 8)).toEqual([2, 1]);
    expect(await warmUp(deviceFor(4), 16)).toMatchObject({ fitting: 4, sizes: [4, 1, 2] });
  });

  it('fails when not even one clip fits', async () => {
    for (const provider of ['cuda', 'cpu'] as const) {
      await expect(warmUp(deviceFor(0, provider), 2)).rejects.toMatchObject({ code: 'inference_failed' });
    }
  });

  it('runs one clip alone on a CPU, and none where the graph was proven before', async () => {
    expect(await warmUp(deviceFor(1, 'cpu'), 4)).toEqual({ fitting: 4, sizes: [1], expected: [2] });
    expect(await warmUp(deviceFor(0, 'cpu'), 4, 3)).toEqual({ fitting: 4, sizes: [], expected: [12] });
    expect(await warmUp(deviceFor(4), 4, 3)).toMatchObject({ sizes: [4, 1, 2] });
  });
});

describe('a clip alone', () => {
  it('is lent as it is, and can be scored again after a run that failed', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'styleflow-alone-'));
    const pixels = new Uint8Array(CLIP_BYTES).fill(7);
    const roomy = deviceFor(1);
    const seen: unknown[] = [];
    const session: ThreadedSession = {
      ...roomy,
      runLent: async ({ clips }, onReturn) => {
        if (clips === undefined) throw new Error('no clips');
        // As a thread does: the memory moves there and back.
        const there = structuredClone(clips, { transfer: [clips.data.buffer as ArrayBuffer] });
        seen.push([clips.data.length, there.dims, there.data[0], there.data.at(-1)]);
        if (seen.length === 1) {
          onReturn({ clips: there });
          throw new JobError('inference_failed', 'not this time');
        }
        return roomy.runLent({ clips: there }, onReturn);
      },
    };
    const store = await openObjectStore(storeIn(folder));
    const options = { session, graph: 'styleflow.onnx', store, unpack: async () => pixels, maxBatch: 4 };
    const scorer = new BatchScorer({ ...options, watch: new DeviceWatch() });
    const loaded = await scorer.answer({ type: 'load', clip: { job: mintJobId(), run: 1, track: 0, clip: 0 } });
    const handles = [loaded.type === 'loaded' ? (loaded.handle ?? 0) : 0];
    await expect(scorer.answer({ type: 'score', handles })).rejects.toThrow('not this time');
    expect(await scorer.answer({ type: 'score', handles })).toMatchObject({ batchSize: 1, faults: [null] });
    const lent = [0, [1, 32, 256, 256, 3], 7, 7];
    expect([seen, pixels.length]).toEqual([[lent, lent], 0]);
    await rm(folder, { recursive: true });
  });
});

describe('a model that has no answer to any clip of a job', () => {
  it('is asked for a blank one after ten, also while two batches are handed over, and keeps its worker', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'styleflow-refuse-'));
    let blanks = 0;
    const roomy = deviceFor(2);
    const session: ThreadedSession = {
      ...roomy,
      runLent: async (feeds, onReturn) => {
        const isBlank = feeds.clips?.data[0] === 0;
        const run = await roomy.runLent(feeds, onReturn);
        if (!isBlank) throw new JobError('inference_failed', 'Reshape: nothing was found');
        blanks += 1;
        return run;
      },
    };
    const watch = new DeviceWatch();
    const gaveUp = vi.fn();
    watch.gaveUp.then(gaveUp);
    const store = await openObjectStore(storeIn(folder));
    const unpack = async () => new Uint8Array(CLIP_BYTES).fill(1);
    const scorer = new BatchScorer({ session, graph: 'styleflow.onnx', store, unpack, maxBatch: 2, watch });
    for (let round = 0; round < 8; round += 1) {
      const scored = [0, 1].map(async (clip) => {
        const clipRef = { job: mintJobId(), run: 1, track: 0, clip };
        const loaded = await scorer.answer({ type: 'load', clip: clipRef });
        const handle = loaded.type === 'loaded' ? (loaded.handle ?? 0) : 0;
        await expect(scorer.answer({ type: 'score', handles: [handle] })).rejects.toThrow('nothing was found');
        await scorer.answer({ type: 'discard', handle });
      });
      await Promise.all(scored);
    }
    expect([blanks > 0, gaveUp.mock.calls]).toEqual([true, []]);
    await rm(folder, { recursive: true });
  });
});
