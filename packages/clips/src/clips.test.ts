import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CLIP_VARIANTS, type ClipRef, type ClipScore, type JobRun, mintJobId } from '@styleflow/contracts';
import { isDamagedObject, type ObjectStore, openObjectStore } from '@styleflow/storage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeClip } from './clip-codec.js';
import { hasScore, lackingScores, readScore, writeScore } from './clip-score.js';
import { CLIP_BYTES } from './clip-shape.js';
import { copyClip } from './copy-clip.js';
import { dropAll, dropPixels, dropRunPictures, dropRunVariants, dropVariants } from './drop-clips.js';
import { listScores, scorePlaces } from './list-scores.js';
import { readPixels, readStrip, stripBytes } from './read-clip.js';
import { writeClip } from './write-clip.js';

const SCORE: ClipScore = {
  ...{ v: 1, logit: -0.25, batchSize: 4, provider: 'cpu' },
  styleFlow: Array.from({ length: 31 }, (_, step) => new Array<number>(18).fill(step + 0.5)),
};

/** Moving colours that differ from seed to seed. */
function cropsOf(seed: number): Uint8Array {
  return Uint8Array.from({ length: CLIP_BYTES }, (_, i) => (i >> 8) * (seed + 1) + (i >> 17) + (i % 3) * seed);
}

describe('a clip between the two workers', () => {
  let folder: string;
  let store: ObjectStore;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'styleflow-clips-'));
    store = await openObjectStore({ STYLEFLOW_STORE: { kind: 'file', folder }, STYLEFLOW_S3_SOURCE_BUCKETS: [] });
  });
  afterAll(async () => {
    await store.close();
    await rm(folder, { recursive: true });
  });

  const keysOf = async (run: JobRun): Promise<string[]> => {
    const keys: string[] = [];
    for await (const { key } of store.list(`jobs/${run.job}/`)) keys.push(key);
    return keys;
  };
  const clipOf = (run: JobRun, track: number, clip: number): ClipRef => ({ ...run, track, clip });
  const write = async (clip: ClipRef, seed: number): Promise<number> =>
    writeClip(store, clip, { pixels: await encodeClip(cropsOf(seed)), strip: Uint8Array.of(seed, 7) });

  it('is read as it was written, pixels and picture, each from a place of its own', async () => {
    const run: JobRun = { job: mintJobId(), run: 2 };
    const clips = [clipOf(run, 0, 0), clipOf(run, 0, 1), clipOf(run, 1, 0)];
    for (const [seed, clip] of clips.entries()) {
      const bytes = await write(clip, seed);
      expect(bytes).toBe((await encodeClip(cropsOf(seed))).length + 2);
    }
    for (const [seed, clip] of clips.entries()) {
      expect(Buffer.from(await readPixels(store, clip)).equals(cropsOf(seed))).toBe(true);
      expect([...((await readStrip(store, clip)) ?? [])]).toEqual([seed, 7]);
      expect(await stripBytes(store, clip)).toBe(2);
    }
    expect(await keysOf(run)).toEqual(
      ['clips/0.0', 'clips/0.1', 'clips/1.0', 'strips/0.0.png', 'strips/0.1.png', 'strips/1.0.png'].map(
        (name) => `jobs/${run.job}/runs/2/${name}`,
      ),
    );
  });

  it('is copied to another run with its picture, which is made anew where it alone has gone', async () => {
    const [from, to] = [clipOf({ job: mintJobId(), run: 1 }, 0, 0), clipOf({ job: mintJobId(), run: 1 }, 0, 0)];
    await write(from, 3);
    const redrawn: ClipRef[][] = [];
    const options = { isKept: true, redraw: async (...clips: ClipRef[]) => void redrawn.push(clips) };
    expect(await copyClip(store, from, to, options)).toBe(true);
    expect([...((await readStrip(store, to)) ?? [])]).toEqual([3, 7]);
    expect(redrawn).toEqual([]);
    const without = clipOf({ job: mintJobId(), run: 1 }, 0, 0);
    await store.delete([`jobs/${from.job}/runs/1/strips/0.0.png`]);
    expect(await copyClip(store, from, without, options)).toBe(true);
    expect(redrawn).toEqual([[from, without]]);
    expect(await keysOf(without)).toEqual([`jobs/${without.job}/runs/1/clips/0.0`]);
    await store.delete([`jobs/${from.job}/runs/1/clips/0.0`]);
    expect(await copyClip(store, from, without, options)).toBe(false);
  });

  it('has a score once one is written, which is read as it was written', async () => {
    const run: JobRun = { job: mintJobId(), run: 1 };
    const clip = clipOf(run, 3, 5);
    expect(await hasScore(store, clip)).toBe(false);
    expect(await readScore(store, clip)).toBeNull();
    await writeScore(store, clip, SCORE);
    expect(await hasScore(store, clip)).toBe(true);
    expect(await readScore(store, clip)).toEqual(SCORE);
    const list = await listScores(store, run);
    expect([list.has(3, 5), list.has(3, 4), list.has(5, 3)]).toEqual([true, false, false]);
    expect(list.storedAt(3, 5)).toBeInstanceOf(Date);
    expect(list.storedAt(5, 3)).toBeNull();
  });

  it('counts a damaged score as none, and refuses to read it', async () => {
    const clip = clipOf({ job: mintJobId(), run: 1 }, 0, 0);
    await store.put(`jobs/${clip.job}/runs/1/scores/0.0.json`, '{"v":1,"logit":', 'application/json');
    expect(await hasScore(store, clip)).toBe(false);
    await expect(readScore(store, clip)).rejects.toSatisfy(isDamagedObject);
    await writeScore(store, clip, SCORE);
    const text = String(await store.get(`jobs/${clip.job}/runs/1/scores/0.0.json`));
    const otherLogit = text.replace('-0.25', '-0.75');
    await store.put(`jobs/${clip.job}/runs/1/scores/0.0.json`, otherLogit, 'application/json');
    expect(await hasScore(store, clip)).toBe(false);
    await expect(readScore(store, clip)).rejects.toSatisfy(isDamagedObject);
  });

  it('reads a score of the version before, which carries no check', async () => {
    const clip = clipOf({ job: mintJobId(), run: 1 }, 0, 0);
    await store.put(`jobs/${clip.job}/runs/1/scores/0.0.json`, JSON.stringify(SCORE), 'application/json');
    expect(await readScore(store, clip)).toEqual(SCORE);
  });

  it('that is absent or damaged fails for good: waiting does not help', async () => {
    const clip = clipOf({ job: mintJobId(), run: 1 }, 0, 4);
    const failure = { code: 'inference_failed', retryable: false };
    await expect(readPixels(store, clip)).rejects.toMatchObject(failure);
    await expect(readPixels(store, clip)).rejects.not.toSatisfy(isDamagedObject);
    await writeClip(store, clip, { pixels: Uint8Array.of(1, 2, 3), strip: Uint8Array.of(1) });
    await expect(readPixels(store, clip)).rejects.toSatisfy(isDamagedObject);
    await expect(readPixels(store, clip)).rejects.toMatchObject({
      ...failure,
      message: 'the pixels of clip 4 of face 0 are damaged: The stored object is not a clip.',
    });
    expect(await readStrip(store, clipOf(clip, 0, 5))).toBeNull();
    expect(await stripBytes(store, clipOf(clip, 0, 5))).toBe(0);
  });

  it('has re-encodings beside it, with pixels and scores of their own, that go with its pixels or before them', async () => {
    const run: JobRun = { job: mintJobId(), run: 1 };
    const clip = clipOf(run, 0, 1);
    const pixels = await encodeClip(cropsOf(1));
    const variants = await Promise.all(
      CLIP_VARIANTS.map(async (variant, at) => ({ variant, pixels: await encodeClip(cropsOf(at + 2)) })),
    );
    const write = () => writeClip(store, clip, { pixels, strip: Uint8Array.of(1), variants });
    const names = async () => (await keysOf(run)).map((key) => key.slice(`jobs/${run.job}/runs/1/`.length));
    expect(await write()).toBe(variants.reduce((sum, each) => sum + each.pixels.length, pixels.length + 1));
    expect(await names()).toEqual(['clips/0.1', 'clips/0.1.h264', 'clips/0.1.half', 'strips/0.1.png']);
    expect(Buffer.from(await readPixels(store, { ...clip, variant: 'half' })).equals(cropsOf(3))).toBe(true);
    await dropVariants(store, clip, CLIP_VARIANTS);
    expect(await names()).toEqual(['clips/0.1', 'strips/0.1.png']);
    await write();
    await dropRunVariants(store, run);
    expect(await names()).toEqual(['clips/0.1', 'strips/0.1.png']);
    await write();
    await dropPixels(store, clip, CLIP_VARIANTS);
    expect(await names()).toEqual(['strips/0.1.png']);

    // Of each bundle a clip has all of its scores, or it lacks one.
    const [a, b] = ['0123456789ab', 'ba9876543210'];
    const places = scorePlaces([a, b], CLIP_VARIANTS);
    expect(places).toHaveLength(6);
    for (const place of places.slice(1)) await writeScore(store, { ...clip, ...place }, SCORE);
    expect(await lackingScores(store, clip, [a, b], CLIP_VARIANTS)).toEqual([a]);
    expect((await listScores(store, run, places)).has(0, 1)).toBe(false);
    expect((await listScores(store, run, scorePlaces([b], CLIP_VARIANTS))).has(0, 1)).toBe(true);
    await writeScore(store, { ...clip, ...places[0] }, SCORE);
    expect((await listScores(store, run, places)).has(0, 1)).toBe(true);
    await dropAll(store, { ...clip, bundle: a }, CLIP_VARIANTS);
    expect(await lackingScores(store, clip, [a, b], CLIP_VARIANTS)).toEqual([a]);
  });

  it('loses its pixels alone, all that was scored, or all that shows a face', async () => {
    const run: JobRun = { job: mintJobId(), run: 1 };
    const clips = [0, 1, 2].map((clip) => clipOf(run, 0, clip));
    for (const clip of clips) {
      await writeClip(store, clip, { pixels: Uint8Array.of(1), strip: Uint8Array.of(2) });
      await writeScore(store, clip, SCORE);
    }
    const [first, second] = clips as [ClipRef, ClipRef, ClipRef];
    const names = async () => (await keysOf(run)).map((key) => key.slice(`jobs/${run.job}/runs/1/`.length));
    const scores = ['scores/0.0.json', 'scores/0.1.json', 'scores/0.2.json'];
    const strips = ['strips/0.0.png', 'strips/0.1.png', 'strips/0.2.png'];
    await dropPixels(store, first);
    expect(await names()).toEqual(['clips/0.1', 'clips/0.2', ...scores, ...strips]);
    await dropAll(store, second);
    expect(await names()).toEqual(['clips/0.2', 'scores/0.0.json', 'scores/0.2.json', ...strips]);
    await dropRunPictures(store, run);
    expect(await names()).toEqual(['scores/0.0.json', 'scores/0.2.json']);
  });
});
