import { describe, expect, it } from 'vitest';
import { weightedNms } from './nms.js';

describe('weightedNms', () => {
  it('blends overlapping candidates by score and keeps the best score', () => {
    const [one, ...others] = weightedNms(
      [
        { box: [0, 0, 10, 10], score: 0.9, points: [0, 0] },
        { box: [2, 0, 12, 10], score: 0.3, points: [4, 8] },
      ],
      0.3,
    );
    expect(others).toEqual([]);
    expect(one?.score).toBe(0.9);
    expect(one?.box[0]).toBeCloseTo(0.5, 12);
    expect(one?.points).toEqual([expect.closeTo(1, 12), expect.closeTo(2, 12)]);
  });

  it('keeps faces apart that hardly overlap, best first', () => {
    const kept = weightedNms(
      [
        { box: [0, 0, 10, 10], score: 0.5, points: [] },
        { box: [8, 0, 18, 10], score: 0.8, points: [] },
      ],
      0.3,
    );
    expect(kept.map(({ score }) => score)).toEqual([0.8, 0.5]);
  });

  it('drops a face within a surer face', () => {
    const kept = weightedNms(
      [
        { box: [0, 0, 100, 100], score: 0.8, points: [] },
        { box: [50, 50, 90, 90], score: 0.6, points: [] },
      ],
      0.3,
    );
    expect(kept).toHaveLength(1);
  });
});
