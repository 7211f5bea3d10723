import { makeVideo } from '@styleflow/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Detection, type FaceDetector, TRACK_SCORES } from '../detection/face-detector.js';
import { cutAll, detectionAt, framesOf, openBundledDetector, stillFrames } from '../test-faces.js';
import { stretchFor } from './stretch-reader.js';
import { watchCalmly } from './watch-frames.js';

/** Finds what the list says, and notes at which frames it looked and how often it was set back. */
class NotingDetector implements FaceDetector {
  readonly trackScores = TRACK_SCORES;
  readonly looks: number[] = [];
  setBack = 0;
  last = -1;
  readonly #found: (index: number) => readonly Detection[];

  constructor(found: (index: number) => readonly Detection[]) {
    this.#found = found;
  }

  async detect({ index }: { readonly index: number }): Promise<readonly Detection[]> {
    this.looks.push(index);
    this.last = index;
    return this.#found(index);
  }

  follow(frame: { readonly index: number }): Promise<readonly Detection[]> {
    return this.detect(frame);
  }

  isSearchDue(): boolean {
    return false;
  }

  forget(): void {}

  checkpoint(): () => void {
    const { last } = this;
    return () => {
      this.setBack += 1;
      this.last = last;
    };
  }

  async release(): Promise<void> {}
}

async function watch(count: number, detector: FaceDetector, windowOf?: (index: number) => number) {
  const seen: [frame: number, x: number[]][] = [];
  for await (const { frame, detections } of watchCalmly(stillFrames(count, 320, 180, windowOf), detector, 8))
    seen.push([frame.index, detections.map(({ box }) => Math.round(box[0] * 100) / 100)]);
  return seen;
}

describe('watching calmly', () => {
  it('looks at a few frames where a face moves straight on, and has it in every frame', async () => {
    const detector = new NotingDetector((index) => [detectionAt(100 + index / 2, 60)]);
    const seen = await watch(41, detector);
    expect(seen).toEqual(Array.from({ length: 41 }, (_, index) => [index, [100 + index / 2]]));
    expect(new Set(detector.looks).size).toBe(11);
    expect(detector.setBack).toBe(0);
  });

  it.each([
    ['comes', (index: number) => (index >= 21 ? [detectionAt(100, 60), detectionAt(200, 60)] : [detectionAt(100, 60)])],
    ['leaves', (index: number) => (index < 21 ? [detectionAt(100, 60), detectionAt(200, 60)] : [detectionAt(100, 60)])],
    ['jumps', (index: number) => [detectionAt(index < 21 ? 100 : 180, 60)]],
  ] as const)('finds the very frame in which a face %s', async (_, found) => {
    const detector = new NotingDetector(found);
    const expected = Array.from({ length: 48 }, (_, index) => [index, found(index).map(({ box }) => box[0])]);
    expect(await watch(48, detector)).toEqual(expected);
    expect(detector.setBack).toBeGreaterThan(0);
    expect(new Set(detector.looks).size).toBeLessThan(30);
  });

  it('looks at each frame where a face moves to and fro, and spares looks again once it rests', async () => {
    const found = (index: number) => [detectionAt(index < 80 ? 100 + 4 * (index ** 2 % 7) : 100, 60)];
    const detector = new NotingDetector(found);
    const expected = Array.from({ length: 160 }, (_, index) => [index, found(index).map(({ box }) => box[0])]);
    expect(await watch(160, detector)).toEqual(expected);
    const looksAfter = detector.looks.filter((index) => index >= 96);
    expect(new Set(looksAfter).size).toBeLessThan(20);
    expect(detector.setBack).toBeLessThan(6);
  });

  it('never fills frames across a sampling window', async () => {
    const detector = new NotingDetector((index) => [detectionAt(index < 12 ? 100 : 110, 60)]);
    const seen = await watch(24, detector, (index) => (index < 12 ? 0 : 1));
    expect(seen.map(([, [x]]) => x)).toEqual(Array.from({ length: 24 }, (_, index) => (index < 12 ? 100 : 110)));
    expect(detector.looks).toEqual(expect.arrayContaining([0, 11, 12, 23]));
  });

  it('ends its source when nobody wants more', async () => {
    let isClosed = false;
    async function* frames() {
      try {
        yield* stillFrames(100);
      } finally {
        isClosed = true;
      }
    }
    for await (const { frame } of watchCalmly(frames(), new NotingDetector(() => []), 8)) if (frame.index === 20) break;
    expect(isClosed).toBe(true);
  });

  it('reads as many frames ahead as memory allows', () => {
    expect([640 * 360, 1920 * 1080, 3840 * 2160].map((pixels) => stretchFor({ width: pixels, height: 1 }))).toEqual([
      8, 8, 4,
    ]);
  });
});

describe('watching a recording calmly', () => {
  let detector: FaceDetector;
  beforeAll(async () => {
    detector = await openBundledDetector();
  });
  afterAll(() => detector.release());

  it('gives the tracks and clips that looking at every frame gives, from fewer looks', async () => {
    const people = ['cap12_edit', 'cap13_edit2'] as const;
    const video = await makeVideo({ people, frames: 70 });
    const dense = await cutAll(framesOf(video), detector);
    const calm = await cutAll(framesOf(video, 0, 'head', 8), detector, 10, 8);
    const places = ({ tracks, clips }: typeof dense) => [
      tracks.map(({ track, frames, clips }) => ({ track, frames, clips })),
      clips.map(({ track, index, frames }) => ({ track, index, frames })),
    ];
    expect(places(calm)).toEqual(places(dense));
    expect(dense.clips).toHaveLength(4);
    expect(calm.stats.looks).toBeLessThan(0.75 * dense.stats.looks);
    for (const [i, { crops }] of dense.clips.entries()) {
      const other = calm.clips[i]?.crops ?? new Uint8Array();
      const sum = crops.reduce((total, value, at) => total + Math.abs(value - (other[at] as number)), 0);
      expect(sum / crops.length).toBeLessThan(1.5);
    }
  });
});
