import { JobError } from '@styleflow/contracts';
import type { ExecutionProvider } from '@styleflow/inference';
import { deviceBytes, type MemoryFacts } from './device-memory.js';

export interface BatchBudget extends MemoryFacts {
  readonly provider: ExecutionProvider;
  /** `STYLEFLOW_MAX_BATCH`. With 0 the memory decides. */
  readonly wanted: number;
  /** Memory of the card, or of this machine on the CPU. */
  readonly memoryBytes: number;
}

/**
 * More clips in one run hardly raise throughput, but each of them waits for all. On the CPU a run of 2 takes twice as long as
 * a run of 1, and 100 MB more with the content network at its published size (docs/operations/capacity.md).
 */
const DEFAULT_MAX_BATCH = { cpu: 1, cuda: 8, tensorrt: 8, simulated: 8 } as const satisfies Record<
  ExecutionProvider,
  number
>;
/**
 * Share of the memory that a worker may fill. A machine also runs other processes. A card belongs to the worker alone,
 * and its estimate is the worst case measured.
 */
const CPU_MEMORY_SHARE = 0.6;
/**
 * By which factor `bytesPerClip` may exceed what a graph really takes on the CPU. A card always takes more than
 * `bytesPerClip`.
 */
const LARGEST_OVERESTIMATE = { cpu: 1.5, cuda: 1, tensorrt: 1, simulated: 1 } as const;

/**
 * How many clips one run may hold: the wanted number, else a power of two.
 * @throws JobError `internal`, not retryable, when the wanted number certainly does not fit.
 */
export function chooseMaxBatch(budget: BatchBudget): number {
  const { provider, wanted, memoryBytes } = budget;
  if (wanted > 0) {
    // Refuses only what certainly does not fit.
    const least = budget.weightBytes + (wanted * budget.bytesPerClip) / LARGEST_OVERESTIMATE[provider];
    if (least > memoryBytes) {
      throw new JobError(
        'internal',
        `STYLEFLOW_MAX_BATCH ${wanted} needs about ${gib(least)} GiB, the device has ${gib(memoryBytes)}`,
        { retryable: false },
      );
    }
    return wanted;
  }
  return Math.min(DEFAULT_MAX_BATCH[provider], fittingBatch(budget));
}

/** The largest power of two, up to 32, that certainly fits on the device; 1 when none does. */
export function fittingBatch({ provider, memoryBytes, ...facts }: Omit<BatchBudget, 'wanted'>): number {
  const room = provider === 'cpu' ? memoryBytes * CPU_MEMORY_SHARE : memoryBytes;
  let batch = 32;
  while (batch > 1 && deviceBytes(provider, facts, batch) > room) batch /= 2;
  return batch;
}

function gib(bytes: number): string {
  return (bytes / 1024 ** 3).toFixed(1);
}
