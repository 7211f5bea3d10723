import { expect, it } from 'vitest';
import { COLUMNS, countScores } from './histogram.js';

it('each score counts once, the ends belong to the outer columns', () => {
  const counts = countScores([0, 0.049, 0.05, 0.5, 0.999, 1]);
  expect(counts).toHaveLength(COLUMNS);
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(6);
  expect([counts[0], counts[1], counts[10], counts[COLUMNS - 1]]).toEqual([2, 1, 1, 2]);
  expect(countScores([]).every((count) => count === 0)).toBe(true);
});
