import { describe, expect, it } from 'vitest';
import { boxesAt } from './boxes-at.js';

const faces = [
  {
    track: 0,
    boxes: [
      { frame: 0, seconds: 0, box: [0, 0, 10, 10] as [number, number, number, number] },
      { frame: 25, seconds: 1, box: [10, 20, 30, 40] as [number, number, number, number] },
    ],
  },
  { track: 3, boxes: [{ frame: 50, seconds: 2, box: [5, 5, 6, 6] as [number, number, number, number] }] },
  { track: 4, boxes: [] },
];

describe('the boxes at a time', () => {
  it('lie between the places that are known', () => {
    expect(boxesAt(faces, 0)).toEqual([{ track: 0, box: [0, 0, 10, 10] }]);
    expect(boxesAt(faces, 0.5)).toEqual([{ track: 0, box: [5, 10, 20, 25] }]);
    expect(boxesAt(faces, 1)).toEqual([{ track: 0, box: [10, 20, 30, 40] }]);
  });

  it('stay a moment before and after, and are gone then', () => {
    expect(boxesAt(faces, 1.2)).toEqual([{ track: 0, box: [10, 20, 30, 40] }]);
    expect(boxesAt(faces, 1.4)).toEqual([]);
    expect(boxesAt(faces, 1.8)).toEqual([{ track: 3, box: [5, 5, 6, 6] }]);
    expect(boxesAt(faces, 9)).toEqual([]);
  });
});
