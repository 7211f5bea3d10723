export { bucketFor, bucketSizes } from './batch-queue.js';
export { Batcher, type Outcome } from './batcher.js';
export type { CostModel } from './cost-model.js';
export { cudaEnvironment, type ExecutionProvider, tensorrtEnvironment } from './execution-providers.js';
export { findGpu, type GpuDevice, listGpus, pinEnvironment } from './gpu-device.js';
export { describeInferenceError, type InferenceFacts, reviveInferenceError } from './inference-fault.js';
export { inferenceSettings } from './inference-settings.js';
export { type FallenNodes, type NodePlacement, sayFallback } from './node-placement.js';
export { isOutOfMemory, OutOfMemory } from './out-of-memory.js';
export {
  type Feeds,
  type InferenceSession,
  openSession,
  type SessionOptions,
  type Tensor,
} from './session.js';
export { openThreadedSession, type ThreadedSession } from './threaded-session.js';
