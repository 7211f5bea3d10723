import { describe, expect, it } from 'vitest';
import { planWindows } from './plan-windows.js';

const hour = { framesEstimated: 90_000 };
const evenly = (frames: number, fps = 25) => ({
  count: frames,
  times: Float64Array.from({ length: frames }, (_, i) => 7 + i / fps),
  entryPoints: [],
});
const head = (frames: number) => [{ firstFrame: 0, frames, seek: null, entryPoints: [] }];
const firsts = (windows: readonly { firstFrame: number }[]) => windows.map(({ firstFrame }) => firstFrame);

describe('planWindows', () => {
  it('reads the first frames for head', () => {
    expect(planWindows(hour, 'head', 110, 500_000)).toEqual(head(110));
  });

  it('spreads floor(maxFrames / 32) windows of 32 frames evenly over the duration', () => {
    const windows = planWindows(hour, 'spread', 110, 500_000, evenly(90_000));
    expect(firsts(windows)).toEqual([0, 30_000, 60_000]);
    expect(windows.map(({ frames }) => frames)).toEqual([32, 32, 32]);
    expect(windows[0]?.seek).toBeNull();
    expect(windows[1]?.seek?.timeStamp).toBeCloseTo(1207, 6);
    expect(windows[1]?.seek?.from).toBeCloseTo(1206.98, 6);
  });

  it('counts frames where their times differ: windows lie evenly in time, are full and do not overlap', () => {
    // 20 s with a frame a second, 2 s with 200, 8 s with 10: at a third and at two thirds there are too few frames.
    const times = Float64Array.from([
      ...Array.from({ length: 20 }, (_, i) => i),
      ...Array.from({ length: 200 }, (_, i) => 20 + i / 100),
      ...Array.from({ length: 80 }, (_, i) => 22 + i / 10),
    ]);
    expect(firsts(planWindows(hour, 'spread', 110, 500_000, { count: 300, times, entryPoints: [] }))).toEqual([
      0, 32, 64,
    ]);
    const late = { count: 300, times: times.map((time) => 30 - time).reverse(), entryPoints: [] };
    expect(firsts(planWindows(hour, 'spread', 110, 500_000, late))).toEqual([0, 236, 268]);
  });

  it('spreads over the frames where their times are unknown', () => {
    const windows = planWindows(hour, 'spread', 64, 500_000, { count: 500, times: null, entryPoints: [] });
    expect(windows).toEqual([
      { firstFrame: 0, frames: 32, seek: null, entryPoints: [] },
      { firstFrame: 250, frames: 32, seek: null, entryPoints: [] },
    ]);
  });

  it('reads the head where windows would touch, or make only one, or nothing is known of the frames', () => {
    expect(planWindows(hour, 'spread', 110, 500_000, evenly(96))).toEqual(head(110));
    expect(firsts(planWindows(hour, 'spread', 110, 500_000, evenly(97)))).toHaveLength(3);
    expect(planWindows(hour, 'spread', 63, 500_000, evenly(90_000))).toEqual(head(63));
    expect(planWindows({ framesEstimated: null }, 'spread', 110, 500_000)).toEqual(head(110));
  });

  it('reads everything for 0, up to the limit on frames', () => {
    expect(planWindows(hour, 'spread', 0, 1000, evenly(90_000))).toEqual(head(1000));
    expect(planWindows(hour, 'head', 2000, 1000)).toEqual(head(1000));
  });
});
