import { expect, it } from 'vitest';
import { simulateBound, simulateCoverage } from './simulate.js';

// `npm run bench -- judging` has the full sizes: 1,000 and 200 simulations.

it('draws intervals that hold the truth about as often as they promise', () => {
  const coverage = simulateCoverage({ simulations: 200, videos: 120, samples: 300, seed: 1 });
  // Of 200 with 0.95 each, fewer than 180 or more than 199 come once in a thousand times.
  expect(coverage).toBeGreaterThanOrEqual(0.9);
  expect(coverage).toBeLessThan(1);
});

it('keeps the true false-positive rate within its bound as surely as was asked for', () => {
  const { heldShare, meanFpr, answeredShare } = simulateBound({ simulations: 60, videos: 400, rate: 0.05, seed: 1 });
  expect(heldShare).toBeGreaterThanOrEqual(0.9);
  expect(meanFpr).toBeLessThan(0.05);
  expect(answeredShare).toBeGreaterThan(0.2);
});
