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
function deviceFor(clips: number): ThreadedSession {
  return {
    inputNames: ['clips'],
    outputNames: ['logit'],
    provider: 'cuda',
    placement: null,
    died: new Promise(() => {}),
    run: () => Promise.reject(new Error('the scorer lends its memory')),
    runLent: async (feeds: Feeds, onReturn) => {
      const size = feeds.clips?.dims[0] ?? 0;
      onReturn(feeds);
      if (size > clips) {
        throw new JobError('inference_failed', 'no room', { cause: new OutOfMemory('no room') });
      }
      return { outputs: { logit: { type: 'float32', dims: [size], data: new Float32Array(size) } }, seconds: 0.001 };
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

  async function warmUp(room: number, maxBatch: number) {
    const store = await openObjectStore(storeIn(folder));
    const watch = new DeviceWatch();
    const scorer = new BatchScorer({ session: deviceFor(room), store, unpack: neverAsked, maxBatch, watch });
    return (await scorer.warmUp()).map(({ batchSize }) => batchSize);
  }

  it('runs every size, the largest first, then the smallest: nothing between is outside of what was seen', async () => {
    expect(await warmUp(8, 8)).toEqual([8, 1, 4, 2]);
    expect(await warmUp(6, 6)).toEqual([6, 1, 4, 2]);
    expect(await warmUp(1, 1)).toEqual([1]);
  });

  it('gives up the sizes that the device cannot hold', async () => {
    expect(await warmUp(3, 8)).toEqual([2, 1]);
    expect(await warmUp(4, 16)).toEqual([4, 1, 2]);
  });

  it('fails when not even one clip fits', async () => {
    await expect(warmUp(0, 2)).rejects.toMatchObject({ code: 'inference_failed' });
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
    const scorer = new BatchScorer({ session, store, unpack, maxBatch: 2, watch });
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
