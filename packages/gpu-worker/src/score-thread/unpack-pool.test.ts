import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CLIP_BYTES, encodeClip } from '@styleflow/clips';
import { type ClipRef, mintJobId } from '@styleflow/contracts';
import { clipKey, openObjectStore } from '@styleflow/storage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { storeIn } from '../test-jobs.js';
import { openUnpackPool, unpackHere } from './unpack-pool.js';

describe('the unpacking threads', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'styleflow-unpack-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('give every caller the pixels of its own clip, also when there are more clips than threads', async () => {
    const settings = storeIn(folder);
    const store = await openObjectStore(settings);
    const job = mintJobId();
    const clips = Array.from({ length: 7 }, (_, clip): ClipRef => ({ job, run: 1, track: 0, clip }));
    for (const { clip } of clips) {
      const pixels = new Uint8Array(CLIP_BYTES).fill(clip * 9 + 1);
      await store.put(clipKey(job, 1, 0, clip), await encodeClip(pixels), 'application/octet-stream');
    }
    const pool = openUnpackPool(3, settings);
    const unpacked = await Promise.all(clips.map((clip) => pool.unpack(clip)));
    expect(unpacked.map((pixels) => [pixels.length, pixels[0], pixels.at(-1)])).toEqual(
      clips.map(({ clip }) => [CLIP_BYTES, clip * 9 + 1, clip * 9 + 1]),
    );
    await pool.close();
    await store.close();
  });

  it('say which clip is absent and go on with the next', async () => {
    const settings = storeIn(folder);
    const store = await openObjectStore(settings);
    const clip: ClipRef = { job: mintJobId(), run: 1, track: 0, clip: 4 };
    const pool = openUnpackPool(1, settings);
    await expect(pool.unpack(clip)).rejects.toMatchObject({
      code: 'inference_failed',
      retryable: false,
      message: 'clip 4 of face 0 has neither pixels nor a score',
    });
    const pixels = new Uint8Array(CLIP_BYTES).fill(3);
    await store.put(clipKey(clip.job, 1, 0, 4), await encodeClip(pixels), 'application/octet-stream');
    expect((await pool.unpack(clip))[100]).toBe(3);
    await pool.close();
    // Without threads it is the same.
    const here = unpackHere(store);
    expect((await here.unpack(clip))[100]).toBe(3);
    await expect(here.unpack({ ...clip, clip: 5 })).rejects.toMatchObject({ code: 'inference_failed' });
    await here.close();
    await store.close();
  });
});
