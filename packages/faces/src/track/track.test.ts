import { describe, expect, it } from 'vitest';
import { type Detection, TRACK_SCORES } from '../detection/face-detector.js';
import { detectionAt } from '../test-faces.js';
import { type Track, Tracker } from './track.js';

/**
 * Runs a tracker over frames. For each numbered track: the x of its box by frame; null where missed, absent where it
 * has none.
 */
function follow(frames: readonly (readonly Detection[])[], fps = 25, scores = TRACK_SCORES) {
  const tracker = new Tracker(scores);
  const seen = new Map<Track, (number | null)[]>();
  for (const [i, detections] of frames.entries()) {
    for (const { track, detection } of tracker.update(i / fps, detections).steps) {
      const places = seen.get(track) ?? [];
      places[i] = detection === null ? null : detection.box[0];
      seen.set(track, places);
    }
  }
  tracker.end();
  const numbered = [...seen].filter(([track]) => track.number !== null);
  return numbered.sort(([a], [b]) => Number(a.number) - Number(b.number)).map(([track, places]) => ({ track, places }));
}

const frames = (count: number, at: (i: number) => Detection[]) => Array.from({ length: count }, (_, i) => at(i));

describe('Tracker', () => {
  it('follows a moving face and one beside it', () => {
    const tracks = follow(frames(40, (i) => [detectionAt(10 + 4 * i, 10), detectionAt(250, 120, 40, 0.8)]));
    expect(tracks.map(({ track }) => track.number)).toEqual([0, 1]);
    expect(tracks[0]?.places[39]).toBe(166);
    expect(tracks[1]?.places[39]).toBe(250);
  });

  it('keeps two faces apart that cross', () => {
    const tracks = follow(frames(40, (i) => [detectionAt(8 * i, 10), detectionAt(312 - 8 * i, 40)]));
    expect(tracks).toHaveLength(2);
    for (const { places } of tracks) expect(Math.abs(Number(places[39]) - Number(places[0]))).toBe(312);
  });

  it('follows a small face that jumps further than its own overlap', () => {
    const tracks = follow(frames(20, (i) => [detectionAt(10 + 9 * i, 10, 16)]));
    expect(tracks).toHaveLength(1);
  });

  it('follows a face that moves by nearly its own size from frame to frame, at 8 of them a second', () => {
    const zigzag = frames(24, (i) => [detectionAt(i % 2 === 0 ? 100 : 136, 100)]);
    expect(follow(zigzag, 8)).toHaveLength(1);
  });

  it('takes a face that appears beside the last one at 25 frames a second for another', () => {
    const places = follow(frames(40, (i) => [detectionAt(i < 20 ? 100 : 136, 100)]));
    expect(places).toHaveLength(2);
  });

  it('drops what is found in every frame, but never clearly', () => {
    expect(follow(frames(40, (i) => [detectionAt(10, 10, 40, i === 0 ? 0.65 : 0.45)]))).toHaveLength(0);
  });

  it('begins and keeps tracks by the scores that suit the detector', () => {
    const pale = frames(40, (i) => [detectionAt(10, 10, 40, i === 0 ? 0.45 : 0.35)]);
    expect(follow(pale)).toHaveLength(0);
    expect(follow(pale, 25, { startScore: 0.4, meanScore: 0.3 })).toHaveLength(1);
    expect(follow(pale, 25, { startScore: 0.4, meanScore: 0.4 })).toHaveLength(0);
    expect(follow(pale, 25, { startScore: 0.5, meanScore: 0.3 })).toHaveLength(0);
  });

  it('bridges a short gap and ends at a long one', () => {
    const gap = (length: number) =>
      follow(frames(60, (i) => (i >= 20 && i < 20 + length ? [] : [detectionAt(10 + i, 10)])));
    expect(gap(6)).toHaveLength(1);
    expect(gap(6)[0]?.places.slice(19, 27)).toEqual([29, null, null, null, null, null, null, 36]);
    expect(gap(12)).toHaveLength(2);
  });

  it('measures gaps in seconds too: at 4 frames a second three frames are long', () => {
    const gapOfThree = frames(40, (i) => (i >= 20 && i < 23 ? [] : [detectionAt(10, 10)]));
    expect(follow(gapOfThree, 25)).toHaveLength(1);
    expect(follow(gapOfThree, 4)).toHaveLength(2);
  });

  it('drops what flickers, and gives its number to the next', () => {
    const tracks = follow(
      frames(60, (i) => [
        ...(i < 3 || i === 30 ? [detectionAt(200, 100, 40, 0.7)] : []),
        ...(i >= 1 ? [detectionAt(10, 10)] : []),
      ]),
    );
    expect(tracks.map(({ track }) => [track.number, track.found])).toEqual([[0, 59]]);
  });

  it('wants a surer detection to begin a track than to continue it', () => {
    expect(follow(frames(30, () => [detectionAt(10, 10, 40, 0.5)]))).toHaveLength(0);
    expect(follow(frames(30, (i) => [detectionAt(10, 10, 40, i === 0 ? 0.7 : 0.5)]))).toHaveLength(1);
  });

  it('numbers by first appearance, even when a later face is lost first', () => {
    const tracks = follow(
      frames(40, (i) => [detectionAt(10, 10), ...(i >= 5 && i < 18 ? [detectionAt(200, 100)] : [])]),
    );
    expect(tracks.map(({ places }) => places.findIndex((x) => x !== undefined))).toEqual([0, 5]);
  });

  it('keeps a face of a single frame when there is only one frame', () => {
    expect(follow([[detectionAt(10, 10)]])).toHaveLength(1);
  });
});
