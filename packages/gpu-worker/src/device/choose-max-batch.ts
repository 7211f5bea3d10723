import { JobError } from '@styleflow/contracts';
import type { ExecutionProvider } from '@styleflow/inference';
import { deviceBytes, type MemoryFacts } from './device-memory.js';

export interface BatchBudget extends MemoryFacts {
  readonly provider: ExecutionProvider;
  /** `STYLEFLOW_MAX_BATCH`; 0: as the memory allows. */
  readonly wanted: number;
  /** Of the card, or of this machine on the CPU. */
  readonly memoryBytes: number;
}

/**
 * More clips in one run hardly raise throughput, but every one of them waits for all. On the CPU a run of 8 takes eight
 * times as long as a run of 1, and as much more memory.
 */
const DEFAULT_MAX_BATCH = { cpu: 2, cuda: 8, tensorrt: 8, simulated: 8 } as const satisfies Record<
  ExecutionProvider,
  number
>;
/** A machine runs other processes beside the worker; a card is the worker's alone, and its estimate is the worst measured. */
const CPU_MEMORY_SHARE = 0.6;
/** How much too high `bytesPerClip` may be: of a graph on the CPU. A card takes more than it says in any case. */
const LARGEST_OVERESTIMATE = { cpu: 1.5, cuda: 1, tensorrt: 1, simulated: 1 } as const;

/**
 * How many clips one run may hold: a power of two unless it is asked for by number.
 * @throws JobError `internal`, not retryable, when not even the wanted number can fit.
 */
export function chooseMaxBatch(budget: BatchBudget): number {
  const { provider, wanted, memoryBytes } = budget;
  if (wanted > 0) {
    // Only what cannot be in any case is refused.
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

/** The largest power of two, up to 32, that the device is sure to hold; 1 when nothing is sure. */
export function fittingBatch({ provider, memoryBytes, ...facts }: Omit<BatchBudget, 'wanted'>): number {
  const room = provider === 'cpu' ? memoryBytes * CPU_MEMORY_SHARE : memoryBytes;
  let batch = 32;
  while (batch > 1 && deviceBytes(provider, facts, batch) > room) batch /= 2;
  return batch;
}

function gib(bytes: number): string {
  return (bytes / 1024 ** 3).toFixed(1);
}
