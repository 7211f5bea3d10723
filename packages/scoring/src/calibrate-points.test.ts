import { expect, it } from 'vitest';
import { calibrate } from './calibrate.js';

it('follows straight lines between the points of an isotonic calibration and stays at its ends', () => {
  const points: [number, number][] = [
    [-1, 0.1],
    [1, 0.3],
    [2, 0.9],
  ];
  const scores = [-5, -1, 0, 1, 1.5, 2, 9].map((logit) => calibrate(logit, { points }));
  expect(scores).toEqual([0.1, 0.1, 0.2, 0.3, expect.closeTo(0.6, 12), 0.9, 0.9]);
  expect(calibrate(3, { points: [[0, 0.4]] })).toBe(0.4);
});
