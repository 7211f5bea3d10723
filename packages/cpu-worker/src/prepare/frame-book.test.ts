import type { PreparedTrack } from '@styleflow/contracts';
import { type Frame, RgbPixels } from '@styleflow/media';
import { describe, expect, it } from 'vitest';
import { sampleTrack } from '../sample-job.js';
import { FrameBook } from './frame-book.js';

/** Who is seen in which frames, both ends included. */
type Seen = Readonly<Record<number, readonly [number, number]>>;

async function watch(seen: Seen, frames: number, fps = 25) {
  const made: number[] = [];
  const book = new FrameBook(async ({ index }) => {
    made.push(index);
    return Uint8Array.of(index % 256);
  });
  const tracks = Object.entries(seen).map(([number, [from, to]]) => ({
    ...{ track: { number: null as number | null, age: 0 }, number: Number(number), from, to },
  }));
  for (let index = 0; index < frames; index += 1) {
    const pixels = new RgbPixels(4, new Uint8Array(48));
    const frame: Frame = { index, seconds: index / fps, window: 0, width: 4, height: 4, pixels };
    const faces = tracks.flatMap(({ track, number, from, to }) => {
      if (index < from || index > to) return [];
      track.age += 1;
      if (track.age >= 16) track.number = number;
      return [{ track, box: [number * 10, 0, number * 10 + 9, 9] as const, isFound: true }];
    });
    await book.look(frame, faces);
  }
  const account = tracks.map(
    ({ number, from, to }): PreparedTrack => ({
      ...sampleTrack(number, 1),
      frames: [from, to],
      frameCount: to - from + 1,
    }),
  );
  return { made, chosen: (which = account) => book.choose(which) };
}

describe('FrameBook', () => {
  it('shows each face once, and those who are seen together in one picture', async () => {
    const { chosen } = await watch({ 0: [0, 200], 1: [0, 200], 2: [100, 180], 3: [190, 230] }, 240);
    const shown = chosen().flatMap(({ boxes }) => boxes.map(({ track }) => track));
    expect([...new Set(shown)].sort()).toEqual([0, 1, 2, 3]);
    expect(chosen().length).toBeLessThanOrEqual(4);
    const box = chosen()
      .flatMap(({ boxes }) => boxes)
      .find(({ track }) => track === 3)?.box;
    expect(box).toEqual([30, 0, 39, 9]);
  });

  it('shows something of a video without a face, and never more than eight frames', async () => {
    expect((await watch({}, 60)).chosen()).toMatchObject([{ frame: 0, boxes: [] }, {}]);
    const crowd = Object.fromEntries(Array.from({ length: 60 }, (_, n) => [n, [n * 40, n * 40 + 35] as const]));
    const { chosen, made } = await watch(crowd, 2400);
    expect(chosen()).toHaveLength(8);
    expect(made.length).toBeLessThan(90);
  });

  it('takes few pictures of a long video', async () => {
    const { made, chosen } = await watch({ 0: [0, 90_000] }, 90_000);
    expect(made.length).toBeLessThan(60);
    expect(chosen().length).toBeGreaterThanOrEqual(4);
    expect((chosen().at(-1)?.frame ?? 0) > 45_000).toBe(true);
  });

  it('names no face that is not among those of the account', async () => {
    const { chosen } = await watch({ 0: [0, 60], 1: [0, 90] }, 100);
    const only = chosen([{ ...sampleTrack(1, 1), frameCount: 91 }]);
    expect(new Set(only.flatMap(({ boxes }) => boxes.map(({ track }) => track)))).toEqual(new Set([1]));
  });
});
