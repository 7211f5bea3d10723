import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { findGpu, listGpus, parseGpuList, pinEnvironment } from './gpu-device.js';

const TWO_GPUS = `0, GPU-aaaa, NVIDIA GeForce RTX 4090, 24564, 12, 3
1, GPU-bbbb, NVIDIA RTX A6000, 49140, 1024, [N/A]
`;

describe('the one card of a worker', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'styleflow-smi-'));
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true });
  });

  /** Puts an nvidia-smi of this test first on the PATH. */
  async function install(script: string): Promise<void> {
    const file = join(folder, 'nvidia-smi');
    await writeFile(file, `#!/bin/sh\n${script}\n`);
    await chmod(file, 0o755);
    vi.stubEnv('PATH', `${folder}${delimiter}/usr/bin${delimiter}/bin`);
  }
  const installTwoGpus = () => install(`cat <<'END'\n${TWO_GPUS}END`);

  it('is found by index or by UUID when its name matches', async () => {
    await installTwoGpus();
    const byIndex = await findGpu({ device: '1', name: 'RTX A6000' });
    expect(byIndex).toEqual({
      index: 1,
      uuid: 'GPU-bbbb',
      name: 'NVIDIA RTX A6000',
      memoryBytes: 49140 * 1024 * 1024,
      memoryUsedBytes: 1024 * 1024 * 1024,
      utilization: null,
    });
    expect(await findGpu({ device: 'GPU-bbbb', name: 'RTX A6000' })).toEqual(byIndex);
    expect(pinEnvironment(byIndex)).toEqual({ CUDA_VISIBLE_DEVICES: 'GPU-bbbb' });
  });

  it('is refused when its name does not match, and the sentence says which setting decides', async () => {
    await installTwoGpus();
    await expect(findGpu({ name: 'RTX A6000' })).rejects.toThrow(
      /GPU 0 is a NVIDIA GeForce RTX 4090, but STYLEFLOW_GPU_NAME wants "RTX A6000"/,
    );
    expect((await findGpu({ name: '4090' })).utilization).toBe(0.03);
  });

  it('is refused when it is not there', async () => {
    await installTwoGpus();
    await expect(findGpu({ device: '2', name: 'RTX A6000' })).rejects.toThrow('STYLEFLOW_GPU_DEVICE 2 is not here');
    await install('true');
    await expect(findGpu({ name: 'RTX A6000' })).rejects.toThrow('no GPU is here; cards: none');
  });

  it('is refused without a driver', async () => {
    await install('echo "NVIDIA-SMI has failed" >&2; exit 9');
    await expect(listGpus()).rejects.toMatchObject({ code: 'internal', retryable: false });
    vi.stubEnv('PATH', join(folder, 'empty'));
    await expect(listGpus()).rejects.toThrow('nvidia-smi could not be run');
    expect(() => parseGpuList('No devices were found\n')).toThrow('what is no list of cards');
  });
});
