import { describe, expect, it } from 'vitest';
import { readPlacement, sayFallback } from './node-placement.js';

/** An event as ONNX Runtime 1.30 writes it for a kernel's run, without its times, threads and arena. */
function kernel(name: string, index: number, operator: string, provider: string, [taken, given]: [number, number]) {
  return {
    cat: 'Node',
    pid: 2675,
    tid: 2675,
    dur: 3003,
    ts: 186270,
    ph: 'X',
    name: `${name}_kernel_time`,
    args: {
      op_name: operator,
      provider: `${provider}ExecutionProvider`,
      node_index: String(index),
      activation_size: String(taken),
      output_size: String(given),
      parameter_size: '0',
      input_type_shape: [{ uint8: [32, 256, 256, 3] }],
    },
  };
}

const PROFILE = [
  { cat: 'Session', pid: 2675, tid: 2675, dur: 9, ts: 1, ph: 'X', name: 'model_run', args: {} },
  kernel('psp/Conv', 0, 'Conv', 'CUDA', [25165824, 134217728]),
  kernel('psp/Conv', 0, 'Conv', 'CUDA', [25165824, 134217728]),
  kernel('psp/Conv_2', 1, 'Conv', 'CUDA', [134217728, 134217728]),
  { cat: 'Node', name: 'psp/Conv_2_fence_before', args: { op_name: 'Conv' } },
  kernel('frames/Resize', 2, 'Resize', 'CPU', [6291456, 4816896]),
  kernel('style-gru/GRU', 3, 'GRU', 'CPU', [63488, 63488]),
  kernel('style-gru/GRU_2', 4, 'GRU', 'CPU', [63488, 63488]),
  kernel('style-gru/Shape', 5, 'Shape', 'CPU', [380928, 24]),
  kernel('style-gru/Gather', 6, 'Gather', 'CPU', [24, 8]),
  kernel('', 7, 'Add', 'CUDA', [4096, 4096]),
  kernel('', 8, 'Add', 'CUDA', [4096, 4096]),
];

describe('readPlacement', () => {
  it('counts each node once, by the provider that ran it, also nodes without a name', () => {
    expect(readPlacement(JSON.stringify(PROFILE), 'cuda').counts).toEqual({ cuda: 4, cpu: 5 });
  });

  it('tells what the required provider did not take, but for the arithmetic of shapes', () => {
    const { fallback } = readPlacement(JSON.stringify(PROFILE), 'cuda');
    expect(fallback).toEqual([
      { provider: 'cpu', operator: 'GRU', count: 2, nodes: ['style-gru/GRU', 'style-gru/GRU_2'] },
      { provider: 'cpu', operator: 'Resize', count: 1, nodes: ['frames/Resize'] },
    ]);
    expect(readPlacement(JSON.stringify(PROFILE.slice(0, 5)), 'cuda').fallback).toEqual([]);
  });
});

describe('sayFallback', () => {
  it('names operators, providers and some of the nodes', () => {
    const convolutions = [0, 1, 2, 3, 4].map((index) => kernel(`conv_${index}`, index, 'Conv', 'CUDA', [9999, 9999]));
    const placement = readPlacement(JSON.stringify([...PROFILE.slice(5, 6), ...convolutions]), 'tensorrt');
    expect(sayFallback(placement, 'tensorrt')).toBe(
      '6 nodes of the graph do not run on tensorrt: 5 Conv on cuda (conv_0, conv_1, conv_2, …); 1 Resize on cpu (frames/Resize)',
    );
  });

  it('has nothing to say when everything ran where it should', () => {
    expect(sayFallback({ fallback: [] }, 'cuda')).toBeNull();
  });
});
