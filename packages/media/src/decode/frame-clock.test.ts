import { describe, expect, it } from 'vitest';
import { FrameClock } from './frame-clock.js';

const isAfterGap = false;

describe('FrameClock', () => {
  it('counts frames and times them from the first one', () => {
    const clock = new FrameClock(25);
    expect(clock.place(100)).toEqual({ index: 0, seconds: 0, isAfterGap });
    expect(clock.place(100.25)).toEqual({ index: 1, seconds: 0.25, isAfterGap });
  });

  it('goes on with the number that a later window begins with, which is no gap', () => {
    const clock = new FrameClock(10);
    clock.place(3);
    clock.startWindow(170);
    expect(clock.place(8)).toEqual({ index: 170, seconds: 5, isAfterGap });
    expect(clock.place(8.1)).toMatchObject({ index: 171, isAfterGap });
  });

  it('goes on at the average rate where time stamps are missing, and never backwards', () => {
    const clock = new FrameClock(4);
    expect(clock.place(null)).toEqual({ index: 0, seconds: 0, isAfterGap });
    expect(clock.place(null)).toEqual({ index: 1, seconds: 0.25, isAfterGap });
    clock.startWindow(8);
    expect(clock.place(null)).toEqual({ index: 8, seconds: 2, isAfterGap });
    const odd = new FrameClock(4);
    odd.place(10);
    odd.place(11);
    expect(odd.place(10.5)).toMatchObject({ index: 2, seconds: 1 });
  });

  it('notices a gap of more than a second, and none in a video of few frames a second', () => {
    const gaps = (fps: number | null, stamps: number[]) => {
      const clock = new FrameClock(fps);
      return stamps.flatMap((stamp, i) => (clock.place(stamp).isAfterGap ? [i] : []));
    };
    expect(gaps(25, [0, 0.04, 0.08, 1.1, 1.14, 20, 20.04])).toEqual([3, 5]);
    expect(gaps(25, [0, 0.04, 0.9, 1.8])).toEqual([]);
    expect(gaps(0.5, [0, 2, 4, 7, 9, 60, 62])).toEqual([5]);
  });
});
