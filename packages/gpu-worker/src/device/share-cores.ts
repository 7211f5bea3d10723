import { availableParallelism } from 'node:os';
import type { ExecutionProvider } from '@styleflow/inference';
import { givenCores } from '@styleflow/runtime';

/** The default's upper limit: enough for a card that scores a hundred clips a second (docs/operations/capacity.md). */
const MOST_UNPACK_THREADS = 8;

/** Threads that fetch and unpack clips. On the CPU there is none: the model needs the cores, and the score thread waits for it. */
export function unpackThreads([provider]: readonly ExecutionProvider[]): number {
  if (provider === 'cpu') return 0;
  return Math.max(1, Math.min(MOST_UNPACK_THREADS, Math.floor(givenCores() / 2)));
}

/**
 * Threads of the model. 0 leaves the choice to the runtime, which counts the machine's cores; a container's limit needs
 * a number.
 */
export function modelThreads(): number {
  const cores = givenCores();
  return cores < availableParallelism() ? cores : 0;
}
