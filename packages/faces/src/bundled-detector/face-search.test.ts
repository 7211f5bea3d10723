import { describe, expect, it } from 'vitest';
import { rgbFrame } from '../test-frames.js';
import { FaceSearch, type Sighting } from './face-search.js';
import { FullRange } from './full-range.js';

/**
 * A network that notes the sizes of the pictures it is given. It finds one face of this logit, in the middle of close
 * ones.
 */
function watched(closeLogit: number) {
  const sizes: string[] = [];
  const session = {
    inputNames: [],
    outputNames: [],
    provider: 'cpu' as const,
    placement: null,
    release: async () => {},
    run: async (feeds: Readonly<Record<string, { readonly dims: readonly number[] }>>) => {
      const [, height = 0, width = 0] = feeds.pictures?.dims ?? [];
      const isClose = width === 160 && height === 160;
      sizes.push(isClose ? 'close' : width > 300 ? 'fine' : 'coarse');
      const cells = (width / 4) * (height / 4);
      const middle = 20 * 40 + 20;
      const logits = Float32Array.from({ length: cells }, (_, i) => (isClose && i === middle ? closeLogit : -9));
      const boxes = Float32Array.from({ length: cells * 16 }, (_, i) =>
        [2, 3].includes(Math.floor(i / cells)) ? 28 : 0,
      );
      const tensor = (data: Float32Array) => ({ type: 'float32' as const, dims: [data.length], data });
      return { logits: tensor(logits), boxes: tensor(boxes) };
    },
  };
  return { search: new FaceSearch(new FullRange(session)), sizes };
}

const frame = (index: number, seconds = index / 25) =>
  rgbFrame({ index, seconds, window: 0, width: 320, height: 180 }, new Uint8Array(320 * 180 * 3));

describe('FaceSearch', () => {
  it('searches the fine picture at first, after three tenths of a second, and after a loss', async () => {
    const { search, sizes } = watched(-9);
    for (let i = 0; i < 12; i++) {
      if (i === 8) search.tellLost(true);
      if (i === 9) search.tellLost(false);
      await search.find(frame(i, i / 20), []);
    }
    const fine = sizes.join(' ').replaceAll('coarse fine close', 'F').split(' ');
    expect(fine.flatMap((size, i) => (size === 'F' ? [i] : []))).toEqual([0, 6, 8]);
  });

  it('searches the fine picture at least in every eighth frame, whatever the time stamps say', async () => {
    const { search, sizes } = watched(-9);
    for (let i = 0; i < 20; i++) await search.find(frame(i, 0), []);
    expect(sizes.filter((size) => size === 'fine')).toHaveLength(3);
  });

  it('lets every other frame wait, unless the fine picture is due', async () => {
    const { search } = watched(-9);
    const waits: boolean[] = [];
    for (let i = 0; i < 10; i++) {
      waits.push(search.maySkip(frame(i, 0)));
      if (!waits[i]) await search.find(frame(i, 0), []);
    }
    expect(waits).toEqual([false, true, false, true, false, true, false, true, false, true]);
    search.tellLost(true);
    expect(search.maySkip(frame(10, 0))).toBe(false);
  });

  it('searches a known face where it was when the coarse picture misses it', async () => {
    const { search, sizes } = watched(2);
    await search.find(frame(0), []);
    const { sightings, isFine } = await search.find(frame(1), [[100, 60, 120, 80]]);
    expect(isFine).toBe(false);
    expect(sizes.at(-1)).toBe('close');
    expect(sightings).toMatchObject([{ isClose: true }]);
  });

  it.each([
    [2, 'raises', 0.65],
    [-9, 'lowers', 0.3],
  ])('confirms a sighting at its own size: a logit of %d there %s its score', async (logit, _, expected) => {
    const { search } = watched(logit);
    const sighting: Sighting = { box: [100, 60, 128, 88], score: 0.56, points: Array(12).fill(0), isClose: false };
    const confirmed = await search.confirm(frame(0), sighting);
    expect(confirmed.isClose).toBe(true);
    if (expected > 0.56) expect(confirmed.score).toBeGreaterThan(expected);
    else expect(confirmed.score).toBeLessThan(expected);
  });
});
