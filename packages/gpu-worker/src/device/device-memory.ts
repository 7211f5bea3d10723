import type { ModelBundle } from '@styleflow/contracts';
import type { ExecutionProvider } from '@styleflow/inference';

/** What is known of a bundle's hunger before it is loaded. */
export interface MemoryFacts extends Pick<ModelBundle, 'variant' | 'precision' | 'bytesPerClip'> {
  /** Bytes of the files that the session reads. */
  readonly weightBytes: number;
}

/** The driver's context and the libraries' code: what an H100's totals hold beside whole regions of the arena. */
const GPU_CONTEXT_BYTES = 1e9;

/**
 * The card's arena grows in regions of powers of two, each at least as large as the value that did not fit, so it may hold
 * twice of what is needed. The eighth on top is fitted; work space of convolutions is the likely reason. Measured on one
 * H100 (docs/operations/capacity.md): 1.2 to 2.25 over content and all networks, fp32 and fp16, batches of 1 to 16. With
 * TF32 it was up to 2.9: a batch that does not fit after all costs a warm-up at half of it.
 */
const GPU_GROWTH = 2.25;

/** Halves that are computed with as float32 lie in memory as both. */
const FLOAT_BYTES_OF_A_HALF = 2;

/**
 * Device memory that a run of `batch` clips takes in the worst case that was measured, in bytes: context, weights and clips.
 * The weights count twice in float32, once as they are read and once in the order that convolutions and GRUs want
 * (on the CPU 1.2 times were seen for all networks together, 2.9 for pSp alone).
 */
export function deviceBytes(provider: ExecutionProvider, facts: MemoryFacts, batch: number): number {
  const isHalf = facts.precision === 'fp16';
  const floatBytes = facts.weightBytes * (isHalf ? FLOAT_BYTES_OF_A_HALF : 1);
  const weights = isHalf ? facts.weightBytes + 2 * floatBytes : 2 * floatBytes;
  if (provider !== 'cpu') return GPU_CONTEXT_BYTES + GPU_GROWTH * (weights + batch * facts.bytesPerClip);
  return weights + batch * facts.bytesPerClip * cpuFactor(facts);
}

/** The CPU provider computes halves as float32. A custom bundle's memory was measured on the CPU. */
function cpuFactor({ precision, variant }: MemoryFacts): number {
  return precision === 'fp16' && variant !== 'custom' ? FLOAT_BYTES_OF_A_HALF : 1;
}
