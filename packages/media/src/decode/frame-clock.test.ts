import { describe, expect, it } from 'vitest';
import { FrameClock } from './frame-clock.js';

describe('FrameClock', () => {
  it('counts frames and times them from the first one', () => {
    const clock = new FrameClock(25);
    clock.startWindow();
    expect(clock.place(100)).toEqual({ index: 0, seconds: 0 });
    expect(clock.place(100.25)).toEqual({ index: 1, seconds: 0.25 });
  });

  it('numbers a later window by its time and leaves out frames already shown', () => {
    const clock = new FrameClock(10);
    clock.startWindow();
    clock.place(0);
    clock.place(0.1);
    clock.startWindow();
    expect(clock.place(0.1)).toBeNull();
    expect(clock.place(5)).toEqual({ index: 50, seconds: 5 });
    expect(clock.place(5.1)).toEqual({ index: 51, seconds: 5.1 });
  });

  it('goes on at the average rate where time stamps are missing, and never backwards', () => {
    const clock = new FrameClock(4);
    clock.startWindow();
    expect(clock.place(null)).toEqual({ index: 0, seconds: 0 });
    expect(clock.place(null)).toEqual({ index: 1, seconds: 0.25 });
    const odd = new FrameClock(4);
    odd.place(10);
    odd.place(11);
    expect(odd.place(10.5)).toEqual({ index: 2, seconds: 1 });
  });
});
