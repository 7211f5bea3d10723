import { expect, it } from 'vitest';
import { pairwiseRatios, spreadOf } from './spread.js';

it('tells the middle and both ends of measurements in any order', () => {
  expect(spreadOf([10, 2, 9])).toEqual({ median: 9, lowest: 2, highest: 10 });
  expect(spreadOf([4, 1, 3, 2])).toEqual({ median: 2.5, lowest: 1, highest: 4 });
  expect(spreadOf([])).toEqual({ median: Number.NaN, lowest: Number.NaN, highest: Number.NaN });
});

it('compares what ran in one round, not the slowest of one with the fastest of the other', () => {
  expect(pairwiseRatios([1, 10, 3], [2, 20, 4])).toEqual({ median: 0.5, lowest: 0.5, highest: 0.75 });
  expect(() => pairwiseRatios([1], [])).toThrow('1 and 0 make no pairs');
});
