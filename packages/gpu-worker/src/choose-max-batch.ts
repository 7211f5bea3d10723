import { JobError } from '@styleflow/contracts';
import type { ExecutionProvider } from '@styleflow/inference';

export interface BatchBudget {
  readonly provider: ExecutionProvider;
  /** `STYLEFLOW_MAX_BATCH`; 0: as the memory allows. */
  readonly wanted: number;
  /** Of the card, or of this machine on the CPU. */
  readonly memoryBytes: number;
  /** The manifest's estimate; 0: unknown. */
  readonly bytesPerClip: number;
}

/**
 * More clips in one run hardly raise throughput, but every one of them waits for all. On the CPU a run of 8 takes eight
 * times as long as a run of 1, and as much more memory.
 */
const DEFAULT_MAX_BATCH = { cpu: 2, cuda: 8, tensorrt: 8, simulated: 8 } as const satisfies Record<
  ExecutionProvider,
  number
>;
/** The rest is for weights, the library's own workspace and, on the CPU, other processes. */
const MEMORY_SHARE = 0.6;

/**
 * How many clips one run may hold: a power of two unless it is asked for by number.
 * @throws JobError `internal`, not retryable, when not even the wanted number can fit.
 */
export function chooseMaxBatch({ provider, wanted, memoryBytes, bytesPerClip }: BatchBudget): number {
  const fits = bytesPerClip === 0 ? Number.POSITIVE_INFINITY : (memoryBytes * MEMORY_SHARE) / bytesPerClip;
  if (wanted > 0) {
    // The estimate may be too high: only what cannot be in any case is refused.
    if (wanted * bytesPerClip > memoryBytes) {
      throw new JobError(
        'internal',
        `STYLEFLOW_MAX_BATCH ${wanted} needs about ${gib(wanted * bytesPerClip)} GiB, the device has ${gib(memoryBytes)}`,
        { retryable: false },
      );
    }
    return wanted;
  }
  let size: number = DEFAULT_MAX_BATCH[provider];
  while (size > 1 && size > fits) size /= 2;
  return size;
}

function gib(bytes: number): string {
  return (bytes / 1024 ** 3).toFixed(1);
}
