import { cpus } from 'node:os';
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
 * Threads of the model. 0 leaves the choice to the runtime, which counts the machine's cores and binds its threads to them one by one; a
 * container's limit, of cores or of their time, needs a number.
 * @param given cores that this process may use.
 * @param machine all of the machine's.
 */
export function modelThreads(given: number = givenCores(), machine: number = cpus().length): number {
  return given < machine ? given : 0;
}
