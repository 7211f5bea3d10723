import { describe, expect, it } from 'vitest';
import { planWindows } from './plan-windows.js';

const hour = { durationSeconds: 3600, fps: 25 };

describe('planWindows', () => {
  it('reads the first frames for head', () => {
    expect(planWindows(hour, 'head', 110, 500_000)).toEqual([{ startSeconds: 0, frames: 110 }]);
  });

  it('spreads floor(maxFrames / 32) windows of 32 frames evenly over the duration', () => {
    expect(planWindows(hour, 'spread', 110, 500_000)).toEqual([
      { startSeconds: 0, frames: 32 },
      { startSeconds: 1200, frames: 32 },
      { startSeconds: 2400, frames: 32 },
    ]);
  });

  it('reads the head where windows would touch, or make only one, or the duration is unknown', () => {
    const head = (frames: number) => [{ startSeconds: 0, frames }];
    expect(planWindows({ durationSeconds: 3.8, fps: 25 }, 'spread', 110, 500_000)).toEqual(head(110));
    expect(planWindows(hour, 'spread', 63, 500_000)).toEqual(head(63));
    expect(planWindows({ durationSeconds: null, fps: 25 }, 'spread', 110, 500_000)).toEqual(head(110));
  });

  it('reads everything for 0, up to the limit on frames', () => {
    expect(planWindows(hour, 'spread', 0, 1000)).toEqual([{ startSeconds: 0, frames: 1000 }]);
    expect(planWindows(hour, 'head', 2000, 1000)).toEqual([{ startSeconds: 0, frames: 1000 }]);
  });
});
