import { availableParallelism } from 'node:os';
import type { ExecutionProvider } from '@styleflow/inference';
import { givenCores } from '@styleflow/runtime';

/** Unless more are asked for: what a card that scores a hundred clips a second needs. */
const MOST_UNPACK_THREADS = 8;

/** Threads that fetch and unpack clips. On the CPU the cores are the model's. */
export function unpackThreads([provider]: readonly ExecutionProvider[]): number {
  if (provider === 'cpu') return 1;
  return Math.max(1, Math.min(MOST_UNPACK_THREADS, Math.floor(givenCores() / 2)));
}

/** Threads of the model. The runtime counts the machine's cores, not a container's: 0, its own choice, only where nothing limits them. */
export function modelThreads(): number {
  const cores = givenCores();
  return cores < availableParallelism() ? cores : 0;
}
