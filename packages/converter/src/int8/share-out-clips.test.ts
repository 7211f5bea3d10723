import { describe, expect, it } from 'vitest';
import { shareOutClips, type TrialClip } from './share-out-clips.js';

const clips = (count: number): TrialClip[] =>
  Array.from({ length: count }, (_, index) => ({ name: `${index}`, read: async () => new Uint8Array() }));
const numbers = (shared: readonly TrialClip[]): number[] => shared.map(({ name }) => Number(name));

describe('clips for int8', () => {
  it('are for ranges, and every fourth is held out', () => {
    const { ranges, heldOut } = shareOutClips(clips(9));
    expect(numbers(ranges)).toEqual([0, 1, 2, 4, 5, 6, 8]);
    expect(numbers(heldOut)).toEqual([3, 7]);
  });

  it('are refused when there are fewer than four', () => {
    expect(() => shareOutClips(clips(3))).toThrow('int8 needs at least 4 clips');
    expect(shareOutClips(clips(4)).heldOut).toHaveLength(1);
  });

  it('that are many are thinned out evenly, each taken once', () => {
    const { ranges, heldOut } = shareOutClips(clips(4000));
    expect([ranges.length, heldOut.length]).toEqual([48, 16]);
    expect(new Set(numbers([...ranges, ...heldOut])).size).toBe(64);
    expect(Math.max(...numbers(ranges))).toBeGreaterThan(3900);
  });
});
