import { describe, expect, it } from 'vitest';
import { planWorkers } from './every-gpu.js';

const gpu = (index: number, name: string) => ({
  index,
  uuid: `GPU-${index}`,
  name,
  memoryBytes: 48e9,
  memoryUsedBytes: 0,
  utilization: 0,
});
const GPUS = [gpu(0, 'NVIDIA RTX A6000'), gpu(1, 'NVIDIA T400'), gpu(2, 'NVIDIA RTX A6000')];

describe('one worker a card', () => {
  it('is planned for the cards of the right name, pinned by UUID, on admin ports of their own', () => {
    expect(planWorkers(GPUS, { wanted: 'RTX A6000', adminPort: 9100 })).toEqual([
      { name: 'gpu-worker on card 0', env: { STYLEFLOW_GPU_DEVICE: 'GPU-0', STYLEFLOW_ADMIN_PORT: '9100' } },
      { name: 'gpu-worker on card 2', env: { STYLEFLOW_GPU_DEVICE: 'GPU-2', STYLEFLOW_ADMIN_PORT: '9101' } },
    ]);
  });

  it('leaves the admin port alone where there is none', () => {
    expect(planWorkers(GPUS, { wanted: 'T400' })[0]?.env).toEqual({ STYLEFLOW_GPU_DEVICE: 'GPU-1' });
    expect(planWorkers(GPUS, { wanted: 'T400', adminPort: 0 })[0]?.env).toEqual({ STYLEFLOW_GPU_DEVICE: 'GPU-1' });
  });

  it('is refused when no card has the name, with the names that are there', () => {
    expect(() => planWorkers(GPUS, { wanted: 'H100' })).toThrow(
      'no card\'s name contains "H100" (STYLEFLOW_GPU_NAME); set STYLEFLOW_GPU_NAME to a part of the name of the cards that are here: 0 NVIDIA RTX A6000, 1 NVIDIA T400',
    );
  });

  it('is refused without any card, with what to do instead', () => {
    expect(() => planWorkers([], { wanted: 'RTX A6000' })).toThrow(/nvidia-smi.*`npx styleflow gpu-worker`/);
  });
});
