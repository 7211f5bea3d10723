import type { Frame } from '@styleflow/media';
import { beforeAll, describe, expect, it } from 'vitest';
import { cutAll, landmarksIn, scripted } from '../test-faces.js';
import { type RgbFrame, rgbFrame } from '../test-frames.js';
import { recordedFrames } from '../test-scenes.js';
import { SceneCuts } from './scene-cut.js';

const BOX = [140, 100, 250, 220] as const;
const START = 20;

/** Where the face is in each frame is told: what is tested is whether another one at its place is noticed. */
const detector = (frames: number) =>
  scripted(Array.from({ length: frames }, () => [{ box: BOX, score: 0.9, landmarks: landmarksIn(BOX) }]));

async function rangesOf(frames: readonly Frame[]): Promise<(readonly [number, number])[]> {
  async function* shown() {
    yield* frames;
  }
  const { tracks } = await cutAll(shown(), detector(frames.length));
  return tracks.map(({ frames: range }) => range);
}

/** How much of the inserted picture a pixel shows: all of it within an oval around the face, nothing far outside. */
function ovalAt(x: number, y: number): number {
  const [across, down] = [(BOX[2] - BOX[0]) * 0.75, (BOX[3] - BOX[1]) * 0.9];
  const distance = Math.hypot((x - (BOX[0] + BOX[2]) / 2) / across, (y - (BOX[1] + BOX[3]) / 2) / down);
  return Math.max(0, Math.min(1, (1.05 - distance) / 0.15));
}

describe('a face that turns into another one by blending, before the same background', () => {
  let man: RgbFrame[];
  let other: RgbFrame[];
  let oval: (readonly [pixel: number, share: number])[];
  beforeAll(async () => {
    man = await recordedFrames('cap13_edit2', 120);
    // His face is as large, and at the same place.
    other = (await recordedFrames('franck', 120)).map((frame) => fitted(frame, man[0] as RgbFrame));
    const { width, height } = man[0] as Frame;
    oval = Array.from({ length: width * height }, (_, pixel) => pixel).flatMap((pixel) => {
      const share = ovalAt(pixel % width, Math.floor(pixel / width));
      return share > 0 ? [[pixel, share] as const] : [];
    });
  });

  const dissolved = (length: number, total: number, fps = 25): Frame[] =>
    Array.from({ length: total }, (_, index) => {
      const [a, b] = [man[index] as RgbFrame, other[index] as RgbFrame];
      const share = Math.max(0, Math.min(1, (index - START) / length));
      const data = Uint8Array.from(a.data);
      for (const [pixel, shown] of oval) {
        for (let i = 3 * pixel; i < 3 * pixel + 3; i++) {
          const value = a.data[i] as number;
          data[i] = value + share * shown * ((b.data[i] as number) - value);
        }
      }
      return rgbFrame({ ...a, index, seconds: index / fps }, data);
    });

  it.each([8, 16, 25, 50])('ends its track once, in a dissolve of %i frames', async (length) => {
    const total = START + length + 40;
    const frames = dissolved(length, total);
    const cuts = new SceneCuts();
    expect(frames.filter((frame) => cuts.changedSince(frame) !== null)).toEqual([]);
    const ranges = await rangesOf(frames);
    expect(ranges).toHaveLength(2);
    const last = ranges[0]?.[1] ?? 0;
    expect(last).toBeGreaterThan(START);
    expect(last).toBeLessThan(START + length + 8);
    expect(ranges[1]).toEqual([last + 1, total - 1]);
  });

  it('ends its track at the very frame where the other one is there at once', async () => {
    const total = START + 40;
    expect(await rangesOf(dissolved(1, total))).toEqual([
      [0, START],
      [START + 1, total - 1],
    ]);
  });

  it('is noticed at sixty frames a second, too', async () => {
    expect(await rangesOf(dissolved(30, 110, 60))).toHaveLength(2);
  });

  it('is none where a picture fades in beside the face, or where the light on it alone grows', async () => {
    const changing = (change: (value: number, share: number, x: number, y: number, i: number) => number) =>
      man.slice(0, 90).map((frame, index) => {
        const share = Math.max(0, Math.min(1, (index - START) / 16));
        const data = frame.data.map((value, i) => {
          const pixel = Math.floor(i / 3);
          const shown = change(value, share, pixel % frame.width, Math.floor(pixel / frame.width), i);
          return Math.max(0, Math.min(255, shown));
        });
        return rgbFrame({ ...frame, index, seconds: index / 25 }, data);
      });
    const beside = changing((value, share, x, _, i) =>
      x > BOX[2] - 5 ? value + share * ((other[0]?.data[i] as number) - value) : value,
    );
    const lit = changing((value, share, x, y) => value * (0.4 + 1.2 * share * ovalAt(x, y)));
    const below = changing((value, share, x, y) =>
      y > BOX[3] - 20 ? value + share * ((x >> 2) % 2 === 0 ? 255 - value : -value) : value,
    );
    for (const frames of [beside, lit, below]) expect(await rangesOf(frames)).toEqual([[0, 89]]);
  });
});

/** A frame in the size of another one, each pixel the nearest, its face moved and sized to that of `BOX`. */
function fitted(frame: RgbFrame, { width, height }: Frame): RgbFrame {
  const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => {
    const pixel = Math.floor(i / 3);
    const x = Math.floor(((pixel % width) * frame.width) / width);
    const y = Math.floor((Math.floor(pixel / width) * frame.height) / height);
    return frame.data[(y * frame.width + x) * 3 + (i % 3)] as number;
  });
  return rgbFrame({ ...frame, width, height }, data);
}
