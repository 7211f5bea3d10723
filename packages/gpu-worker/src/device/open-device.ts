import { totalmem } from 'node:os';
import {
  type CostModel,
  cudaEnvironment,
  type ExecutionProvider,
  findGpu,
  type GpuDevice,
  type InferenceSettings,
  pinEnvironment,
} from '@styleflow/inference';

/** The memory of an RTX A6000. */
const SIMULATED_MEMORY_BYTES = 48 * 1024 ** 3;

/** The settings that decide the device. */
export type DeviceSettings = Pick<
  InferenceSettings,
  | 'STYLEFLOW_EXECUTION_PROVIDERS'
  | 'STYLEFLOW_SIMULATED_DEVICE'
  | 'STYLEFLOW_GPU_DEVICE'
  | 'STYLEFLOW_GPU_NAME'
  | 'STYLEFLOW_TF32'
>;

/** The device on which the worker computes. */
export interface Device {
  /** Null on the CPU. */
  readonly gpu: GpuDevice | null;
  readonly memoryBytes: number;
  /** Providers in order of preference; the first is required. */
  readonly providers: readonly ExecutionProvider[];
  /** The cost model of a simulated device; absent where the graph is really run. */
  readonly simulated?: CostModel;
  /** Environment variables to set before the first session is opened. */
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * Chooses the card, or the CPU when that is the required provider; no card is looked for then.
 * @throws JobError `internal` when the card is missing or has another name.
 */
export async function openDevice(settings: DeviceSettings): Promise<Device> {
  const providers = settings.STYLEFLOW_EXECUTION_PROVIDERS;
  const simulated = settings.STYLEFLOW_SIMULATED_DEVICE;
  if (simulated) {
    return { gpu: null, providers: ['simulated'], simulated, memoryBytes: SIMULATED_MEMORY_BYTES, environment: {} };
  }
  if (providers[0] === 'cpu') {
    // Where a container limits the memory, only that much can be used.
    const limit = process.constrainedMemory() || Number.POSITIVE_INFINITY;
    return { gpu: null, providers, memoryBytes: Math.min(totalmem(), limit), environment: {} };
  }
  const gpu = await findGpu({ device: settings.STYLEFLOW_GPU_DEVICE, name: settings.STYLEFLOW_GPU_NAME });
  const environment = { ...pinEnvironment(gpu), ...cudaEnvironment({ tf32: settings.STYLEFLOW_TF32 }) };
  return { gpu, providers, memoryBytes: gpu.memoryBytes, environment };
}
