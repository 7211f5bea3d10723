import { describe, expect, it } from 'vitest';
import { drawTimeline } from './timeline.js';

describe('drawTimeline', () => {
  it('fills the cells that a clip covers by the height of its score', () => {
    const clips = [
      { seconds: [0, 1], score: 0 },
      { seconds: [1, 2], score: 0.5 },
      { seconds: [3, 4], score: 1 },
    ] as const;
    expect(drawTimeline(clips, 4, 4)).toBe('▁▅·█');
  });

  it('shows the highest score where more clips than cells meet', () => {
    const clips = [
      { seconds: [0, 1], score: 0.1 },
      { seconds: [1, 2], score: 0.9 },
    ] as const;
    expect(drawTimeline(clips, 2, 1)).toBe('█');
  });

  it('leaves a dot where a clip could not be scored, and survives a video without length', () => {
    expect(drawTimeline([{ seconds: [0, 1], score: null }], 1, 2)).toBe('··');
    expect(drawTimeline([{ seconds: [0, 0], score: 0.5 }], 0, 2)).toHaveLength(2);
  });
});
