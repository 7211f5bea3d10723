import { describe, expect, it } from 'vitest';
import {
  assertProviders,
  availableProviders,
  cudaEnvironment,
  providerOption,
  tensorrtEnvironment,
} from './execution-providers.js';

const COMPILED = [
  { name: 'cpu', bundled: true },
  { name: 'webgpu', bundled: true },
  { name: 'cuda', bundled: false },
  { name: 'tensorrt', bundled: false },
];

describe('execution providers', () => {
  it('are available when they are built in or their library lies beside the runtime', () => {
    expect(availableProviders({ compiled: COMPILED, hasLibrary: () => false })).toEqual(['cpu']);
    const withCuda = availableProviders({ compiled: COMPILED, hasLibrary: (name) => name === 'cuda' });
    expect(withCuda).toEqual(['cuda', 'cpu']);
    expect(availableProviders({ compiled: [{ name: 'cpu', bundled: true }], hasLibrary: () => true })).toEqual(['cpu']);
  });

  it('are refused by name when one that was asked for is missing, wherever it stands in the list', () => {
    expect(() => assertProviders(['cuda', 'cpu'], ['cpu'])).toThrow(
      'the execution provider cuda is not installed; available here: cpu',
    );
    expect(() => assertProviders(['cpu', 'cuda'], ['cpu'])).toThrow('cuda is not installed');
    expect(() => assertProviders([], ['cpu'])).toThrow('no execution provider was named');
    expect(() => assertProviders(['cpu'], ['cuda', 'cpu'])).not.toThrow();
  });

  it('take the device unless they are the CPU, and keep TF32 off unless it is asked for', () => {
    expect(providerOption('cuda', 2)).toEqual({ name: 'cuda', deviceId: 2 });
    expect(providerOption('cpu', 2)).toEqual({ name: 'cpu' });
    expect(cudaEnvironment({ tf32: false })).toEqual({ NVIDIA_TF32_OVERRIDE: '0' });
    expect(cudaEnvironment({ tf32: true })).toEqual({});
  });

  it('keep TensorRT engines in a folder, and halve the precision only for a bundle that has', () => {
    const environment = tensorrtEnvironment({ cacheFolder: '/engines/a', fp16: false });
    expect(environment).toMatchObject({ ORT_TENSORRT_CACHE_PATH: '/engines/a', ORT_TENSORRT_FP16_ENABLE: '0' });
    expect(tensorrtEnvironment({ cacheFolder: '/engines/a', fp16: true }).ORT_TENSORRT_FP16_ENABLE).toBe('1');
  });
});
