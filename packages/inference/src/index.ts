export { bucketFor, bucketSizes } from './batch/batch-queue.js';
export { Batcher, type Outcome } from './batch/batcher.js';
export { cudaEnvironment, type ExecutionProvider, tensorrtEnvironment } from './device/execution-providers.js';
export { findGpu, type GpuDevice, listGpus, pinEnvironment } from './device/gpu-device.js';
export { type InferenceSettings, inferenceSettings } from './inference-settings.js';
export type { CostModel } from './session/cost-model.js';
export { type MachineFacts, machineFacts } from './session/machine-facts.js';
export { type FallenNodes, type NodePlacement, sayFallback } from './session/node-placement.js';
export { isOutOfMemory, OutOfMemory } from './session/out-of-memory.js';
export {
  type Feeds,
  type InferenceSession,
  openSession,
  runtimeVersion,
  type SessionOptions,
  type Tensor,
} from './session/session.js';
export { describeInferenceError, type InferenceFacts, reviveInferenceError } from './thread/inference-fault.js';
export { openThreadedSession, type ThreadedSession } from './thread/threaded-session.js';
