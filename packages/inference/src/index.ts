export { cudaEnvironment, EXECUTION_PROVIDERS, type ExecutionProvider } from './execution-providers.js';
export {
  type Feeds,
  type InferenceSession,
  listAvailableProviders,
  openSession,
  type SessionOptions,
  type Tensor,
  type TensorType,
} from './session.js';
