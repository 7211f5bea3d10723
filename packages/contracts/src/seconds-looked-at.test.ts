import { describe, expect, it } from 'vitest';
import { secondsLookedAt } from './seconds-looked-at.js';

const video = { framesUsed: 110, fps: 25, durationSeconds: 30 };
const head = { maxFrames: 110, sampling: 'head' } as const;

describe('secondsLookedAt', () => {
  it('is where the first frames of a longer video end', () => {
    expect(secondsLookedAt(video, head)).toBe(4.4);
  });

  it('is null when the video ended first, or was taken whole', () => {
    expect(secondsLookedAt({ ...video, framesUsed: 60, durationSeconds: 2.4 }, head)).toBeNull();
    expect(secondsLookedAt({ ...video, durationSeconds: 4.4 }, head)).toBeNull();
    expect(secondsLookedAt(video, { ...head, maxFrames: 0 })).toBeNull();
  });

  it('is null when a damaged video gave fewer frames than it promised', () => {
    expect(secondsLookedAt({ ...video, framesUsed: 33 }, head)).toBeNull();
  });

  it('is null for frames that are spread over the duration', () => {
    expect(secondsLookedAt(video, { ...head, sampling: 'spread' })).toBeNull();
  });

  it('is null when the file does not say how long it is', () => {
    expect(secondsLookedAt({ ...video, durationSeconds: null }, head)).toBeNull();
    expect(secondsLookedAt({ ...video, fps: null }, head)).toBeNull();
  });
});
