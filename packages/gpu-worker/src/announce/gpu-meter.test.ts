import { createLogger, metrics } from '@styleflow/runtime';
import { until } from '@styleflow/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type GpuMeter, startGpuMeter } from './gpu-meter.js';
import { type NvidiaSmi, placeNvidiaSmi } from './test-nvidia-smi.js';

const EVERY_MS = 20;
let smi: NvidiaSmi;
let meter: GpuMeter | undefined;

beforeEach(async () => {
  smi = await placeNvidiaSmi();
});
afterEach(async () => {
  meter?.stop();
  await smi.remove();
});

async function shown(): Promise<string> {
  const { body } = await metrics.page();
  return body
    .split('\n')
    .filter((line) => line.startsWith('styleflow_gpu_'))
    .join('\n');
}
async function untilShown(lines: string): Promise<void> {
  await until('the page follows', async () => (await shown()) === lines);
  expect(await shown()).toBe(lines);
}

function figures(usedBytes: number, utilization?: number): string {
  const lines = [`styleflow_gpu_memory_bytes ${usedBytes}`, 'styleflow_gpu_memory_total_bytes 51527024640'];
  return [...lines, ...(utilization === undefined ? [] : [`styleflow_gpu_utilization_ratio ${utilization}`])].join(
    '\n',
  );
}

describe('the GPU meter', () => {
  it('shows the memory and load of its own card among several', async () => {
    await smi.answer(
      '0, GPU-other, NVIDIA RTX A6000, 49140, 48000, 100',
      '1, GPU-own, NVIDIA RTX A6000, 49140, 1024, 37',
    );
    meter = startGpuMeter('GPU-own', createLogger('test', 'silent'), EVERY_MS);
    await untilShown(figures(1073741824, 0.37));
    expect(meter.latest()).toMatchObject({ memoryUsedBytes: 1_073_741_824, utilization: 0.37 });
  });

  it('leaves out the load that a card does not tell', async () => {
    await smi.answer('0, GPU-own, NVIDIA RTX A6000, 49140, 2, [N/A]');
    meter = startGpuMeter('GPU-own', createLogger('test', 'silent'), EVERY_MS);
    await untilShown(figures(2097152));
  });

  it('shows nothing while the driver is silent or has lost the card, and the figures again afterwards', async () => {
    await smi.answer('0, GPU-own, NVIDIA RTX A6000, 49140, 1, 0');
    meter = startGpuMeter('GPU-own', createLogger('test', 'silent'), EVERY_MS);
    await untilShown(figures(1048576, 0));
    await smi.answer();
    await untilShown('');
    expect(meter.latest()).toBeNull();
    await smi.answer('0, GPU-own, NVIDIA RTX A6000, 49140, 3, 5');
    await untilShown(figures(3145728, 0.05));
    await smi.answer('0, GPU-other, NVIDIA RTX A6000, 49140, 1, 0');
    await untilShown('');
  });
});
