import { parseEnv } from '@styleflow/runtime';
import { describe, expect, it } from 'vitest';
import { inferenceSettings } from './inference-settings.js';

describe('inferenceSettings', () => {
  it('default to the CPU, full precision and the card that the product is sized for', () => {
    expect(parseEnv(inferenceSettings, {})).toEqual({
      STYLEFLOW_EXECUTION_PROVIDERS: ['cpu'],
      STYLEFLOW_GPU_NAME: 'RTX A6000',
      STYLEFLOW_MAX_BATCH: 0,
      STYLEFLOW_BATCH_WAIT_MS: 100,
      STYLEFLOW_THREADS: 0,
      STYLEFLOW_TF32: false,
    });
  });

  it('keep the order of the providers', () => {
    const env = { STYLEFLOW_EXECUTION_PROVIDERS: 'tensorrt, cuda,cpu', STYLEFLOW_GPU_DEVICE: 'GPU-12ab-34' };
    const parsed = parseEnv(inferenceSettings, env);
    expect(parsed.STYLEFLOW_EXECUTION_PROVIDERS).toEqual(['tensorrt', 'cuda', 'cpu']);
    expect(parsed.STYLEFLOW_GPU_DEVICE).toBe('GPU-12ab-34');
  });

  it('name a wrong value with what is allowed', () => {
    const wrong = (env: Record<string, string>) => () => parseEnv(inferenceSettings, env);
    expect(wrong({ STYLEFLOW_EXECUTION_PROVIDERS: 'rocm' })).toThrow(/allowed: a list of tensorrt, cuda, cpu/);
    expect(wrong({ STYLEFLOW_EXECUTION_PROVIDERS: 'cpu,cpu' })).toThrow('twice');
    expect(wrong({ STYLEFLOW_EXECUTION_PROVIDERS: ',' })).toThrow('allowed: a list of');
    expect(wrong({ STYLEFLOW_GPU_DEVICE: 'first' })).toThrow('STYLEFLOW_GPU_DEVICE: allowed: an index');
    expect(wrong({ STYLEFLOW_MAX_BATCH: '129' })).toThrow('STYLEFLOW_MAX_BATCH: allowed: a whole number from 0 to 128');
  });
});
