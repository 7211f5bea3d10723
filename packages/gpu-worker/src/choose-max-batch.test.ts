import { describe, expect, it } from 'vitest';
import { chooseMaxBatch } from './choose-max-batch.js';

const GIB = 1024 ** 3;

describe('chooseMaxBatch', () => {
  it('halves the default until it fits into its share of the memory', () => {
    expect(chooseMaxBatch({ provider: 'cuda', wanted: 0, memoryBytes: 48 * GIB, bytesPerClip: GIB })).toBe(8);
    expect(chooseMaxBatch({ provider: 'cuda', wanted: 0, memoryBytes: 8 * GIB, bytesPerClip: GIB })).toBe(4);
    expect(chooseMaxBatch({ provider: 'cuda', wanted: 0, memoryBytes: GIB, bytesPerClip: GIB })).toBe(1);
    expect(chooseMaxBatch({ provider: 'cuda', wanted: 0, memoryBytes: GIB, bytesPerClip: 0 })).toBe(8);
    expect(chooseMaxBatch({ provider: 'cpu', wanted: 0, memoryBytes: 48 * GIB, bytesPerClip: GIB })).toBe(2);
  });

  it('takes the number that was asked for, unless it cannot fit at all', () => {
    expect(chooseMaxBatch({ provider: 'cuda', wanted: 24, memoryBytes: 48 * GIB, bytesPerClip: 2 * GIB })).toBe(24);
    expect(() =>
      chooseMaxBatch({ provider: 'cuda', wanted: 25, memoryBytes: 48 * GIB, bytesPerClip: 2 * GIB }),
    ).toThrow('STYLEFLOW_MAX_BATCH 25 needs about 50.0 GiB, the device has 48.0');
  });
});
