import { describe, expect, it } from 'vitest';
import { chooseMaxBatch, fittingBatch } from './choose-max-batch.js';

const GIB = 1024 ** 3;
const CUSTOM = { variant: 'custom', precision: 'fp32', weightBytes: 0, bytesPerClip: GIB } as const;

describe('chooseMaxBatch', () => {
  it('halves the default until the device is sure to hold it', () => {
    const choose = (memoryGib: number, facts: Partial<typeof CUSTOM> | { weightBytes: number } = {}) =>
      chooseMaxBatch({ ...CUSTOM, ...facts, provider: 'cuda', wanted: 0, memoryBytes: memoryGib * GIB });
    expect(choose(48)).toBe(8);
    expect(choose(12)).toBe(4);
    expect(choose(6)).toBe(2);
    expect(choose(1)).toBe(1);
    expect(choose(12, { weightBytes: 2 * GIB })).toBe(1);
  });

  it('takes the default where nothing is known of the memory of a clip', () => {
    expect(chooseMaxBatch({ ...CUSTOM, bytesPerClip: 0, provider: 'cuda', wanted: 0, memoryBytes: 2 * GIB })).toBe(8);
  });

  it('takes one clip at once on the CPU, where more of them save no time', () => {
    expect(chooseMaxBatch({ ...CUSTOM, provider: 'cpu', wanted: 0, memoryBytes: 48 * GIB })).toBe(1);
  });

  it('takes the number that was asked for, unless it cannot fit at all', () => {
    const choose = (provider: 'cpu' | 'cuda', wanted: number) =>
      chooseMaxBatch({ ...CUSTOM, provider, wanted, bytesPerClip: 2 * GIB, memoryBytes: 48 * GIB });
    expect(choose('cuda', 24)).toBe(24);
    expect(() => choose('cuda', 25)).toThrow('STYLEFLOW_MAX_BATCH 25 needs about 50.0 GiB, the device has 48.0');
    // On the CPU the estimate may be one and a half times what is really taken.
    expect(choose('cpu', 36)).toBe(36);
    expect(() => choose('cpu', 37)).toThrow('needs about 49.3 GiB');
  });
});

describe('fittingBatch', () => {
  it('leaves most of the memory to others on the CPU, where halves take as much as floats', () => {
    const fitting = (memoryGib: number, facts: object = {}) =>
      fittingBatch({ ...CUSTOM, ...facts, provider: 'cpu', memoryBytes: memoryGib * GIB });
    expect(fitting(48)).toBe(16);
    expect(fitting(4)).toBe(2);
    expect(fitting(3)).toBe(1);
    expect(fitting(4, { variant: 'content', precision: 'fp16' })).toBe(1);
  });

  const A6000 = { provider: 'cuda', memoryBytes: 48 * GIB } as const;

  // Measured on one H100 with graphs whose stem was not yet cut into parts: their content network took 1.356 GB a clip.
  it('finds for 48 GiB what one H100 took less than that for, and not what it took more for', () => {
    // 16 clips took 34.3 GB. 32 are more than cuDNN can index.
    expect(fittingBatch({ ...A6000, ...BUNDLES['content fp32'] })).toBe(16);
    // 4 clips took 29.7 GB, 8 took 55.5.
    expect(fittingBatch({ ...A6000, ...BUNDLES['all fp32'] })).toBe(4);
    // 8 clips took 41.1 GB.
    expect(fittingBatch({ ...A6000, ...BUNDLES['all fp16'] })).toBe(8);
  });
});

const BUNDLES = {
  'content fp32': { variant: 'content', precision: 'fp32', weightBytes: 0.076e9, bytesPerClip: 1.356e9 },
  'all fp32': { variant: 'style-content', precision: 'fp32', weightBytes: 4.2e9, bytesPerClip: 2.004e9 },
  'all fp16': { variant: 'style-content', precision: 'fp16', weightBytes: 2.1e9, bytesPerClip: 1.007e9 },
} as const;
