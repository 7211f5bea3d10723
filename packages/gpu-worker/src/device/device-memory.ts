import type { ModelBundle } from '@styleflow/contracts';
import type { ExecutionProvider } from '@styleflow/inference';

/** What decides the memory of a bundle, known before it is loaded. */
export interface MemoryFacts extends Pick<ModelBundle, 'variant' | 'precision' | 'bytesPerClip'> {
  /** Bytes of the files that the session reads. */
  readonly weightBytes: number;
}

/**
 * The driver's context and the libraries' code: what remains of an H100's totals beside whole regions of the arena
 * (docs/operations/capacity.md).
 */
const GPU_CONTEXT_BYTES = 1e9;

/**
 * The card's arena grows by regions of powers of two, each at least as large as the value that did not fit. So it may
 * hold twice what is needed. The eighth on top is fitted; work space of convolutions is the likely reason. On one H100
 * the factor was 1.2 to 2.25 over content and all networks, fp32 and fp16, batches of 1 to 16
 * (docs/operations/capacity.md). With TF32 it was up to 2.9; a batch that does not fit then costs a warm-up at half of
 * it.
 */
const GPU_GROWTH = 2.25;

/** Halves that are computed as float32 are in memory in both forms. */
const FLOAT_BYTES_OF_A_HALF = 2;

/**
 * Device memory that a run of `batch` clips takes in the worst case measured, in bytes: context, weights and clips. In
 * float32 the weights count twice: once as they are read, and once in the order that convolutions and GRUs want (README
 * "Memory of the weights").
 */
export function deviceBytes(provider: ExecutionProvider, facts: MemoryFacts, batch: number): number {
  const isHalf = facts.precision === 'fp16';
  const floatBytes = facts.weightBytes * (isHalf ? FLOAT_BYTES_OF_A_HALF : 1);
  const weights = isHalf ? facts.weightBytes + 2 * floatBytes : 2 * floatBytes;
  if (provider !== 'cpu') return GPU_CONTEXT_BYTES + GPU_GROWTH * (weights + batch * facts.bytesPerClip);
  return weights + batch * facts.bytesPerClip * cpuFactor(facts);
}

/**
 * The factor for halves on the CPU, which computes them as float32. A custom bundle needs none, because its memory was
 * measured on the CPU.
 */
function cpuFactor({ precision, variant }: MemoryFacts): number {
  return precision === 'fp16' && variant !== 'custom' ? FLOAT_BYTES_OF_A_HALF : 1;
}
