import { JobError } from '@styleflow/contracts';

/** ONNX Runtime's execution providers that the product serves. */
export const EXECUTION_PROVIDERS = ['tensorrt', 'cuda', 'cpu'] as const;
/** `simulated` is none of the runtime's: a device that only takes time, for load tests. */
export type ExecutionProvider = (typeof EXECUTION_PROVIDERS)[number] | 'simulated';

/** What ONNX Runtime says of itself, and where its provider libraries would lie. */
export interface RuntimeFacts {
  /** Providers that its binding was compiled for; those that are not bundled need a library beside it. */
  readonly compiled: readonly { readonly name: string; readonly bundled: boolean }[];
  readonly hasLibrary: (provider: ExecutionProvider) => boolean;
}

/** Providers whose code is on this machine. Their drivers may still be missing: that shows when a session is created. */
export function availableProviders({ compiled, hasLibrary }: RuntimeFacts): ExecutionProvider[] {
  return EXECUTION_PROVIDERS.filter((provider) => {
    const backend = compiled.find(({ name }) => name === provider);
    return backend !== undefined && (backend.bundled || hasLibrary(provider));
  });
}

/**
 * Refuses a wanted provider that is not there: a worker that was meant for a GPU must never serve slowly on the CPU
 * and look healthy. The first provider is required, those after it only when they are named.
 * @throws JobError `internal`, not retryable.
 */
export function assertProviders(wanted: readonly ExecutionProvider[], available: readonly ExecutionProvider[]): void {
  if (wanted.length === 0) throw missing('no execution provider was named', available);
  for (const provider of wanted) {
    if (!available.includes(provider)) throw missing(`the execution provider ${provider} is not installed`, available);
  }
}

/** The same sentence for a provider whose library is there but cannot serve (no driver, no CUDA, no card). */
export function missing(what: string, available: readonly ExecutionProvider[], cause?: unknown): JobError {
  const message = `${what}; available here: ${available.join(', ')} (STYLEFLOW_EXECUTION_PROVIDERS chooses)`;
  return new JobError('internal', message, { retryable: false, cause });
}

/** How ONNX Runtime is told one provider. CUDA and TensorRT take nothing but the device from Node: no profiles of shapes, no cache. */
export function providerOption(
  provider: ExecutionProvider,
  deviceId: number,
): { name: ExecutionProvider; deviceId?: number } {
  return provider === 'cpu' ? { name: 'cpu' } : { name: provider, deviceId };
}

/**
 * Environment that CUDA reads when it is loaded, so it must be set before the first session.
 * TF32 rounds the factors of matrix products to 10 bits: it breaks the tolerance of fp32 results, so it is off unless asked for.
 */
export function cudaEnvironment(settings: { tf32: boolean }): Record<string, string> {
  return settings.tf32 ? {} : { NVIDIA_TF32_OVERRIDE: '0' };
}

/**
 * Environment that TensorRT's provider reads where nobody gives it options. Engines take minutes to build, so they would be kept
 * in `cacheFolder`, one folder a bundle: the key inside does not cover the weights. Half precision would be used only where the
 * bundle's own weights have it, so that results stay within the bundle's tolerance.
 *
 * Through onnxruntime-node 1.30 as it is published it does not come through, by the code of both: the binding always gives options,
 * which are the defaults but for the device, and with options the provider looks at none of these variables. So engines are
 * built at each start; the order of the warm-up keeps them at two (docs/operations/tuning.md).
 */
export function tensorrtEnvironment(settings: { cacheFolder: string; fp16: boolean }): Record<string, string> {
  return {
    ORT_TENSORRT_ENGINE_CACHE_ENABLE: '1',
    ORT_TENSORRT_TIMING_CACHE_ENABLE: '1',
    ORT_TENSORRT_CACHE_PATH: settings.cacheFolder,
    ORT_TENSORRT_FP16_ENABLE: settings.fp16 ? '1' : '0',
  };
}
