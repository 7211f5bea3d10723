import { describe, expect, it } from 'vitest';
import { countNodes } from './node-placement.js';

describe('countNodes', () => {
  it('counts each node once, by the provider that ran it', () => {
    const kernel = (name: string, provider: string) => ({
      cat: 'Node',
      name: `${name}_kernel_time`,
      args: { provider },
    });
    const profile = [
      { cat: 'Session', name: 'model_run' },
      kernel('conv_1', 'CUDAExecutionProvider'),
      kernel('conv_1', 'CUDAExecutionProvider'),
      kernel('conv_2', 'CUDAExecutionProvider'),
      kernel('shape', 'CPUExecutionProvider'),
      { cat: 'Node', name: 'conv_2_fence_before', args: { op_name: 'Conv' } },
    ];
    expect(countNodes(JSON.stringify(profile))).toEqual({ cuda: 2, cpu: 1 });
  });
});
