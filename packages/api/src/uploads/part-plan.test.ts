import { MAX_UPLOAD_PARTS } from '@styleflow/contracts';
import { describe, expect, it } from 'vitest';
import { bytesOfPart, countParts, PART_BYTES, planParts, rangesOf } from './part-plan.js';

describe('parts', () => {
  it.each([1, PART_BYTES, PART_BYTES + 1, 2_000_000_000, MAX_UPLOAD_PARTS * PART_BYTES, 1e12, 5e12])(
    'of %d bytes are at most ten thousand, and together as long',
    (bytes) => {
      const plan = planParts(bytes, PART_BYTES);
      const count = countParts(plan);
      expect(count).toBeLessThanOrEqual(MAX_UPLOAD_PARTS);
      expect((count - 1) * plan.partBytes + bytesOfPart(plan, count)).toBe(bytes);
      expect(bytesOfPart(plan, count)).toBeGreaterThan(0);
      expect(plan.partBytes).toBeGreaterThanOrEqual(PART_BYTES);
    },
  );

  it('are told as ranges', () => {
    expect(rangesOf([])).toEqual([]);
    expect(rangesOf([1, 2, 3, 5, 7, 8])).toEqual([
      [1, 3],
      [5, 5],
      [7, 8],
    ]);
  });
});
