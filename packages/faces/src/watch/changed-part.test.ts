import { describe, expect, it } from 'vitest';
import { COLUMNS, ROWS } from '../scene/picture-cells.js';
import { rgbFrame } from '../test-frames.js';
import { ChangedPart } from './changed-part.js';

const FRAME = rgbFrame({ index: 0, seconds: 0, window: 0, width: 640, height: 360 }, new Uint8Array());
const grey = (...changed: (readonly [column: number, row: number, by: number])[]): Float32Array => {
  const cells = new Float32Array(COLUMNS * ROWS * 3).fill(100);
  for (const [column, row, by] of changed) cells[(row * COLUMNS + column) * 3 + 1] = 100 + by;
  return cells;
};

describe('ChangedPart', () => {
  it('is nowhere while the picture differs by a codec only', () => {
    expect(new ChangedPart(grey()).take(FRAME, grey([10, 10, 5], [3, 3, -5]))).toBeNull();
  });

  it('reaches two cells around what has changed in one colour, within the frame', () => {
    expect(new ChangedPart(grey()).take(FRAME, grey([10, 9, 20]))).toEqual([160, 140, 260, 240]);
    expect(new ChangedPart(grey()).take(FRAME, grey([0, 17, -20], [1, 17, 20]))).toEqual([0, 300, 80, 360]);
  });

  it('counts from what was searched: slow changes add up, and what was taken is no change any more', () => {
    const part = new ChangedPart(grey());
    expect(part.take(FRAME, grey([10, 9, 4]))).toBeNull();
    expect(part.take(FRAME, grey([10, 9, 8]))).not.toBeNull();
    expect(part.take(FRAME, grey([10, 9, 8]))).toBeNull();
  });
});
