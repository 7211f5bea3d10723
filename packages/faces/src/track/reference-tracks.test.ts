import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Detection } from '../detection/face-detector.js';
import type { Box } from '../geometry/geometry.js';
import { landmarksIn } from '../test-faces.js';
import { type Track, Tracker } from './track.js';

interface Fixture {
  readonly cases: readonly {
    readonly rule: 'multiple_tracking' | 'find_longest';
    readonly frames: readonly (readonly (readonly [number, number, number, number, number])[])[];
    readonly tracks: readonly { readonly start: number; readonly faces: readonly number[] }[];
  }[];
}

const FIXTURE: Fixture = JSON.parse(readFileSync(new URL('../../fixtures/tracking.json', import.meta.url), 'utf8'));

/** For each track with a number: which detection it has in which frame, as frame → index. */
function follow(frames: Fixture['cases'][number]['frames']): ReadonlyMap<number, number>[] {
  const tracker = new Tracker();
  const seen = new Map<Track, Map<number, number>>();
  for (const [i, faces] of frames.entries()) {
    const detections = faces.map(([x1, y1, x2, y2, score]): Detection => {
      const box: Box = [x1, y1, x2, y2];
      return { box, score, landmarks: landmarksIn(box) };
    });
    for (const { track, detection } of tracker.update(i / 25, detections).steps) {
      const places = seen.get(track) ?? new Map<number, number>();
      if (detection) places.set(i, detections.indexOf(detection));
      seen.set(track, places);
    }
  }
  tracker.end();
  return [...seen].flatMap(([track, places]) => (track.number === null ? [] : [places]));
}

describe("the reference service's tracks", () => {
  it('are 26 cases', () => {
    expect(FIXTURE.cases).toHaveLength(26);
  });

  it.each(FIXTURE.cases.map((one, i) => [i, one] as const))('of case %i lie whole in ours', (_, { frames, tracks }) => {
    const ours = follow(frames);
    for (const { start, faces } of tracks) {
      expect(ours.some((places) => faces.every((face, i) => places.get(start + i) === face))).toBe(true);
    }
  });

  it('are ours one for one where its rule finds tracks through all frames and no face is too weak to begin one', () => {
    const through = FIXTURE.cases.filter(({ rule, frames, tracks }) => {
      return rule === 'multiple_tracking' && frames.every((faces) => faces.length === tracks.length);
    });
    expect(through.length).toBeGreaterThan(5);
    for (const { frames, tracks } of through) expect(follow(frames)).toHaveLength(tracks.length);
  });
});
