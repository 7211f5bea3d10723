import { expect, it } from 'vitest';
import { placeInBand, type StyleBand } from './style-band.js';

const band: StyleBand = {
  groups: { coarse: [1, 2, 4], middle: [1, 2, 4], fine: [0, 0, 0] },
  ...{ videos: 60, clips: 200 },
};

it('a mean lies below, within or above the band of its group', () => {
  expect(placeInBand(band, 'coarse', 0.5)?.lies).toBe('below');
  expect(placeInBand(band, 'coarse', 1)?.lies).toBe('within');
  expect(placeInBand(band, 'coarse', 4.1)?.lies).toBe('above');
});

it('the scale is twice as long as the band is high, and ends there for what lies beyond', () => {
  expect(placeInBand(band, 'middle', 2)).toEqual({ low: 0.125, middle: 0.25, high: 0.5, mean: 0.25, lies: 'within' });
  expect(placeInBand(band, 'middle', 100)?.mean).toBe(1);
});

it('without a band, or with one without any width, nothing is said', () => {
  expect(placeInBand(undefined, 'coarse', 1)).toBeNull();
  expect(placeInBand(band, 'fine', 1)).toBeNull();
});
