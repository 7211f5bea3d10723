import { JobError } from '@styleflow/contracts/errors';

/** ONNX Runtime's execution providers that the product serves. */
export const EXECUTION_PROVIDERS = ['tensorrt', 'cuda', 'cpu'] as const;
/**
 * `simulated` is not a provider of ONNX Runtime: it is a device that computes nothing and only takes time, for load
 * tests.
 */
export type ExecutionProvider = (typeof EXECUTION_PROVIDERS)[number] | 'simulated';

/** What ONNX Runtime says of itself, and whether a provider's library exists. */
export interface RuntimeFacts {
  /** Providers for which its binding was compiled. Those that are not bundled also need a library beside it. */
  readonly compiled: readonly { readonly name: string; readonly bundled: boolean }[];
  readonly hasLibrary: (provider: ExecutionProvider) => boolean;
}

/** Providers whose code is on this machine. Whether their drivers exist shows only when a session is created. */
export function availableProviders({ compiled, hasLibrary }: RuntimeFacts): ExecutionProvider[] {
  return EXECUTION_PROVIDERS.filter((provider) => {
    const backend = compiled.find(({ name }) => name === provider);
    return backend !== undefined && (backend.bundled || hasLibrary(provider));
  });
}

/**
 * Refuses a wanted provider that is missing: a worker meant for a GPU must never serve slowly on the CPU and look
 * healthy. The first provider is required, further ones only when they are named.
 * @throws JobError `internal`, not retryable.
 */
export function assertProviders(wanted: readonly ExecutionProvider[], available: readonly ExecutionProvider[]): void {
  if (wanted.length === 0) throw missing('no execution provider was named', available);
  for (const provider of wanted) {
    if (!available.includes(provider)) throw missing(`the execution provider ${provider} is not installed`, available);
  }
}

/**
 * The refusal of a provider that cannot serve. Also used where its library exists but a driver, CUDA or a card is
 * missing.
 */
export function missing(what: string, available: readonly ExecutionProvider[], cause?: unknown): JobError {
  const message = `${what}; available here: ${available.join(', ')} (STYLEFLOW_EXECUTION_PROVIDERS chooses)`;
  return new JobError('internal', message, { retryable: false, cause });
}

/**
 * The option by which ONNX Runtime learns of a provider. From Node, CUDA and TensorRT take only the device: no profiles
 * of shapes and no cache.
 */
export function providerOption(
  provider: ExecutionProvider,
  deviceId: number,
): { name: ExecutionProvider; deviceId?: number } {
  return provider === 'cpu' ? { name: 'cpu' } : { name: provider, deviceId };
}

/**
 * Environment variables that CUDA reads when it is loaded; they must be set before the first session. TF32 rounds the
 * factors of matrix products to 10 bits, which breaks the tolerance of fp32 results, so it is off unless asked for.
 */
export function cudaEnvironment(settings: { tf32: boolean }): Record<string, string> {
  return settings.tf32 ? {} : { NVIDIA_TF32_OVERRIDE: '0' };
}

/**
 * Environment variables that TensorRT's provider reads when it is given no options. They would keep engines, which take
 * minutes to build, in `cacheFolder`. Each bundle needs its own folder, because the key inside does not cover the
 * weights. Half precision would be used only where the bundle's weights have it, so that results stay within the
 * bundle's tolerance.
 *
 * In onnxruntime-node 1.30 they have no effect, as the code of both shows: the binding always passes options (defaults
 * except for the device), and with options the provider reads none of these variables. So engines are built at each
 * start; the order of the warm-up limits them to two (docs/operations/tuning.md).
 */
export function tensorrtEnvironment(settings: { cacheFolder: string; fp16: boolean }): Record<string, string> {
  return {
    ORT_TENSORRT_ENGINE_CACHE_ENABLE: '1',
    ORT_TENSORRT_TIMING_CACHE_ENABLE: '1',
    ORT_TENSORRT_CACHE_PATH: settings.cacheFolder,
    ORT_TENSORRT_FP16_ENABLE: settings.fp16 ? '1' : '0',
  };
}
