import { makeVideo } from '@styleflow/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cutFaceClips } from './cut-face-clips.js';
import type { FaceDetector } from './detection/face-detector.js';
import { CROP_SIZE } from './geometry/similarity.js';
import { cutAll, detectionAt, framesOf, openBundledDetector, scripted, stillFrames } from './test-faces.js';
import { rgbFrame } from './test-frames.js';

const one = (count: number) => scripted(Array.from({ length: count }, () => [detectionAt(100, 60)]));

describe('cutFaceClips', () => {
  it('cuts clips of 32 frames without overlap and counts the dropped tail', async () => {
    const { clips, tracks } = await cutAll(stillFrames(75), one(75));
    expect(clips.map(({ index, frames, padded }) => ({ index, frames, padded }))).toEqual([
      { index: 0, frames: [0, 31], padded: false },
      { index: 1, frames: [32, 63], padded: false },
    ]);
    expect(tracks).toMatchObject([{ track: 0, frames: [0, 74], frameCount: 75, framesUnused: 11, clips: 2 }]);
    expect(clips[1]?.seconds).toEqual([32 / 25, 63 / 25]);
    expect(clips[0]?.crops).toHaveLength(32 * CROP_SIZE * CROP_SIZE * 3);
  });

  it('makes one mirrored clip of a track of 16 to 31 frames, and none of a shorter one', async () => {
    for (const [count, clips, unused] of [
      [15, 0, 15],
      [16, 1, 0],
      [31, 1, 0],
    ] as const) {
      const found = await cutAll(stillFrames(count), one(count));
      expect(found.clips.map(({ padded }) => padded)).toEqual(Array.from({ length: clips }, () => true));
      expect(found.tracks).toMatchObject([{ frameCount: count, framesUnused: unused, clips }]);
    }
  });

  it('fills a bridged gap by interpolation, so that the clip stays consecutive', async () => {
    const detections = Array.from({ length: 40 }, (_, i) => (i >= 10 && i < 14 ? [] : [detectionAt(100 + i, 60)]));
    const { clips, tracks } = await cutAll(stillFrames(40), scripted(detections));
    expect(clips).toHaveLength(1);
    expect(clips[0]?.boxes.map(([x]) => Math.round(x))).toEqual(Array.from({ length: 32 }, (_, i) => 100 + i));
    expect(tracks).toMatchObject([{ frameCount: 40, framesUnused: 8 }]);
  });

  it('never lets a track cross a sampling window', async () => {
    const { clips, tracks } = await cutAll(
      stillFrames(64, 320, 180, (i) => (i < 32 ? 0 : 1)),
      one(64),
    );
    expect(tracks.map(({ frames }) => frames)).toEqual([
      [0, 31],
      [32, 63],
    ]);
    expect(clips.map(({ track, index }) => [track, index])).toEqual([
      [0, 0],
      [1, 0],
    ]);
  });

  it('follows only as many faces as allowed, the surest ones', async () => {
    const crowd = [0, 1, 2, 3].map((i) => detectionAt(10 + 70 * i, 60, 40, 0.9 - i / 20));
    const { tracks } = await cutAll(stillFrames(40), scripted(Array.from({ length: 40 }, () => crowd)), 2);
    expect(tracks.map(({ boxes }) => boxes[0]?.box[0])).toEqual([10, 80]);
  });

  it("begins tracks by the detector's own scale of scores", async () => {
    const pale = Array.from({ length: 20 }, () => [detectionAt(100, 60, 40, 0.45)]);
    expect((await cutAll(stillFrames(20), scripted(pale))).tracks).toEqual([]);
    const suited = scripted(pale, { startScore: 0.4, meanScore: 0.3 });
    expect((await cutAll(stillFrames(20), suited)).tracks).toHaveLength(1);
  });

  it('passes over faces that are too small to judge', async () => {
    const { tracks } = await cutAll(
      stillFrames(40),
      scripted(Array.from({ length: 40 }, () => [detectionAt(100, 60, 10)])),
    );
    expect(tracks).toEqual([]);
  });

  it('has the detector forget the frames, however the video ends', async () => {
    let forgotten = 0;
    const forget = () => {
      forgotten += 1;
    };
    const noting = (count: number) => ({ ...one(count), forget });
    await cutAll(stillFrames(40), noting(40));
    for await (const _ of cutFaceClips(stillFrames(70), noting(70), { maxFaces: 10 })) break;
    const failing = { ...noting(40), detect: () => Promise.reject(new Error('no look')) };
    await expect(cutAll(stillFrames(40), failing)).rejects.toThrow('no look');
    expect(forgotten).toBe(3);
  });

  it('survives boxes that reach beyond the frame or lie outside it', async () => {
    const detections = Array.from({ length: 60 }, (_, i) => [detectionAt(280 + 4 * i, -20)]);
    const { tracks } = await cutAll(stillFrames(60), scripted(detections));
    expect(tracks).toMatchObject([{ frameCount: 60 }]);
  });

  it('samples at most 64 boxes of a long track', async () => {
    const { tracks } = await cutAll(stillFrames(600), one(600));
    const sampled = tracks[0]?.boxes ?? [];
    expect(sampled.length).toBeGreaterThan(32);
    expect(sampled.length).toBeLessThanOrEqual(64);
    expect(new Set(sampled.map(({ frame }, i) => frame - (sampled[i - 1]?.frame ?? -16)))).toEqual(new Set([16]));
  });
});

describe('cutFaceClips with the bundled detector', () => {
  let detector: FaceDetector;
  beforeAll(async () => {
    detector = await openBundledDetector();
  });
  afterAll(() => detector.release());

  it('follows one face through a whole recording', async () => {
    const { tracks, clips, stats } = await cutAll(framesOf(await makeVideo({ frames: 70 })), detector);
    expect(tracks).toMatchObject([{ track: 0, frames: [0, 69], frameCount: 70, framesUnused: 6, clips: 2 }]);
    expect(tracks[0]?.meanDetectionScore).toBeGreaterThan(0.8);
    expect(clips).toHaveLength(2);
    expect(stats).toMatchObject({ frames: 70, facesDetected: 70, warps: 64 });
  });

  it('puts the eyes and the mouth of the aligned crop where the standard face has them', async () => {
    const { clips } = await cutAll(framesOf(await makeVideo({ frames: 32 })), detector);
    const crops = clips[0]?.crops ?? new Uint8Array();
    async function* crop() {
      const data = crops.subarray(0, CROP_SIZE * CROP_SIZE * 3);
      yield rgbFrame({ index: 0, seconds: 0, window: 0, width: CROP_SIZE, height: CROP_SIZE }, data);
    }
    for await (const frame of crop()) {
      const [face] = await detector.detect(frame);
      const expected = [
        [86, 86],
        [169, 84],
        [128, 137],
        [91, 175],
        [167, 173],
      ];
      for (const [i, [x, y]] of (face?.landmarks ?? []).entries()) {
        expect(Math.hypot(x - Number(expected[i]?.[0]), y - Number(expected[i]?.[1]))).toBeLessThan(16);
      }
      expect(face).toBeDefined();
    }
  });

  it('finds both of two people, and their boxes in the upright picture', async () => {
    const people = ['cap12_edit', 'cap13_edit2'] as const;
    const { tracks } = await cutAll(framesOf(await makeVideo({ people, frames: 34, rotation: 90 })), detector);
    expect(tracks).toHaveLength(2);
    for (const { boxes } of tracks) {
      expect(boxes[0]?.box[2]).toBeLessThanOrEqual(320);
    }
  });

  it('ends tracks at a hard cut from one person to another', async () => {
    const [first, second] = await Promise.all([
      makeVideo({ frames: 40, size: { width: 400, height: 300 } }),
      makeVideo({ people: ['franck'], frames: 40, size: { width: 400, height: 300 } }),
    ]);
    async function* joined() {
      for await (const frame of framesOf(first)) yield frame;
      for await (const frame of framesOf(second))
        yield { ...frame, index: frame.index + 40, seconds: frame.seconds + 1.6 };
    }
    const { tracks } = await cutAll(joined(), detector);
    expect(tracks.map(({ frames }) => frames)).toEqual([
      [0, 39],
      [40, 79],
    ]);
  });

  it('finds nobody where nobody is', async () => {
    const { tracks, clips } = await cutAll(framesOf(await makeVideo({ people: [], frames: 40 })), detector);
    expect([tracks, clips]).toEqual([[], []]);
  });

  it('gives the same clips every time', async () => {
    const video = await makeVideo({ frames: 32 });
    const [a, b] = [await cutAll(framesOf(video), detector), await cutAll(framesOf(video), detector)];
    expect(Buffer.from(a.clips[0]?.crops ?? []).equals(Buffer.from(b.clips[0]?.crops ?? []))).toBe(true);
    expect(a.tracks).toEqual(b.tracks);
  });
});
