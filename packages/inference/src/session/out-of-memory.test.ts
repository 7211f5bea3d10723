import { describe, expect, it } from 'vitest';
import { saysOutOfMemory } from './out-of-memory.js';

describe('the words of a device without room', () => {
  it.each([
    'Failed to allocate memory for requested buffer of size 12845056000',
    'std::bad_alloc',
    'CUDA failure 2: out of memory ; GPU=0',
    'CUBLAS failure 3: CUBLAS_STATUS_ALLOC_FAILED',
    'Available memory of 1024 is smaller than requested bytes of 4096',
    'CUDNN failure 3000: CUDNN_STATUS_NOT_SUPPORTED ; expr=cudnnSetTensorNdDescriptor(tensor_, dataType, rank, dims)',
  ])('are known: %s', (sentence) => {
    expect(saysOutOfMemory(sentence)).toBe(true);
  });

  it('are not seen in other failures', () => {
    expect(saysOutOfMemory('Got invalid dimensions for input: clips')).toBe(false);
    expect(saysOutOfMemory('CUDA failure 700: an illegal memory access was encountered')).toBe(false);
  });
});
