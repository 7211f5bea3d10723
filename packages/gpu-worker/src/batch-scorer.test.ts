import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JobError } from '@styleflow/contracts';
import { type Feeds, OutOfMemory, type ThreadedSession } from '@styleflow/inference';
import { openObjectStore } from '@styleflow/storage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BatchScorer } from './batch-scorer.js';
import { DeviceWatch } from './device-watch.js';
import { storeIn } from './test-jobs.js';

/** A device that holds so many clips at once. */
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
