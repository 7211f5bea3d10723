import type { Frame } from '@styleflow/media';
import { beforeAll, describe, expect, it } from 'vitest';
import { cutAll, landmarksIn, scripted } from '../test-faces.js';
import { type RgbFrame, rgbFrame } from '../test-frames.js';
import { recordedFrames } from '../test-scenes.js';
import { SceneCuts } from './scene-cut.js';

const BOX = [140, 100, 250, 220] as const;
const CHANGE = 20;
const LENGTH = 60;

/** Where the face is in each frame is told: what is tested is whether a change of the picture ends its track. */
const detector = () =>
  scripted(Array.from({ length: LENGTH }, () => [{ box: BOX, score: 0.9, landmarks: landmarksIn(BOX) }]));

type Change = (value: number, at: { x: number; y: number; index: number; channel: number }) => number;

function changed(frames: readonly RgbFrame[], change: Change): Frame[] {
  return frames.map((frame, index) => {
    const data = frame.data.map((value, i) => {
      const pixel = Math.floor(i / 3);
      const at = { x: pixel % frame.width, y: Math.floor(pixel / frame.width), index, channel: i % 3 };
      return Math.max(0, Math.min(255, change(value, at)));
    });
    return rgbFrame({ ...frame, index, seconds: index / 25 }, data);
  });
}

const from =
  (start: number, change: Change, end = LENGTH): Change =>
  (value, at) =>
    at.index >= start && at.index < end ? change(value, at) : value;

async function tracksOf(frames: readonly Frame[]): Promise<(readonly [number, number])[]> {
  async function* shown() {
    yield* frames;
  }
  const { tracks } = await cutAll(shown(), detector());
  return tracks.map(({ frames: range }) => range);
}

const sceneChanges = (frames: readonly Frame[]): number => {
  const cuts = new SceneCuts();
  return frames.filter((frame) => cuts.changedSince(frame) !== null).length;
};

describe('a picture that changes around a face', () => {
  let man: RgbFrame[];
  let other: RgbFrame[];
  beforeAll(async () => {
    man = await recordedFrames('cap13_edit2', LENGTH);
    other = (await recordedFrames('franck', LENGTH)).map((frame) => frame);
  });

  it.each<[string, Change, boolean]>([
    ['a light that is switched on', (value, at) => (at.index < CHANGE ? value * 0.2 : value), false],
    ['a light that is switched off', from(CHANGE, (value) => value * 0.25), false],
    ['a flash of two frames', from(CHANGE, (value) => (value - 16) * 2 + 16, CHANGE + 2), true],
    ['a glaring flash', from(CHANGE, (value) => value * 6, CHANGE + 3), true],
    ['a moment of white', from(CHANGE, () => 255, CHANGE + 4), false],
    ['a light from one side', from(CHANGE, (value, { x }) => value * (0.5 + x / 200)), false],
    [
      'another colour of the light',
      from(CHANGE, (value, { channel }) => value * ([1.6, 0.5, 0.3][channel] ?? 1)),
      false,
    ],
    ['a caption', from(CHANGE, (value, { y }) => (y > 240 ? 250 : value)), false],
    ['a panel beside the face', from(CHANGE, (value, { x }) => (x > 260 ? 250 : value)), true],
    [
      'a panel that fades in',
      from(CHANGE, (value, { x, index }) =>
        x > 260 ? value + (250 - value) * Math.min(1, (index - CHANGE) / 20) : value,
      ),
      false,
    ],
  ])('does not end its track: %s', async (_, change, isNoticed) => {
    const frames = changed(man, change);
    if (isNoticed) expect(sceneChanges(frames)).toBeGreaterThan(0);
    expect(await tracksOf(frames)).toEqual([[0, LENGTH - 1]]);
  });

  it.each<[string, (a: RgbFrame, b: RgbFrame, index: number) => Uint8Array]>([
    ['cut', (a, b, index) => (index < CHANGE ? a : b).data],
    [
      'flash of white, then another',
      (a, b, index) => (index < CHANGE ? a.data : index < CHANGE + 2 ? a.data.map(() => 255) : b.data),
    ],
    [
      'dissolve',
      (a, b, index) =>
        a.data.map((value, i) => value + ((b.data[i] as number) - value) * Math.max(0, Math.min(1, (index - 15) / 12))),
    ],
  ])('ends it where another face is at the same place after a %s', async (_, shown) => {
    const frames = man.map((a, index) => {
      const b = fitted(other[index] as RgbFrame, a);
      return rgbFrame({ ...a, index, seconds: index / 25 }, Uint8Array.from(shown(a, b, index)));
    });
    const tracks = await tracksOf(frames);
    expect(tracks).toHaveLength(2);
    expect(tracks[0]?.[1]).toBeGreaterThanOrEqual(15);
    expect(tracks[0]?.[1]).toBeLessThan(30);
  });

  it('ends with a jump of the time stamps', async () => {
    const frames = man.map((frame, index) => ({
      ...frame,
      ...(index === 30 && { isAfterGap: true }),
      seconds: index / 25 + (index < 30 ? 0 : 100),
    }));
    expect(await tracksOf(frames)).toEqual([
      [0, 29],
      [30, LENGTH - 1],
    ]);
  });
});

/** A frame in the size of another one, each pixel the nearest. */
function fitted(frame: RgbFrame, { width, height }: Frame): RgbFrame {
  const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => {
    const pixel = Math.floor(i / 3);
    const x = Math.floor(((pixel % width) * frame.width) / width);
    const y = Math.floor((Math.floor(pixel / width) * frame.height) / height);
    return frame.data[(y * frame.width + x) * 3 + (i % 3)] as number;
  });
  return rgbFrame({ ...frame, width, height }, data);
}
