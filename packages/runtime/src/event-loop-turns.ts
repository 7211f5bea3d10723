import { setImmediate as nextTurn } from 'node:timers/promises';

/** After so much work at a stretch others have their turn. */
const STRETCH_MS = 8;

/**
 * For long work in small steps on the main thread: `await turn()` after each step lets the event loop turn once eight milliseconds have
 * gone by, so that locks, leases and answers, which go by it, wait no longer than that and one step.
 */
export function eventLoopTurns(): () => Promise<void> | undefined {
  let since = performance.now();
  return () => {
    if (performance.now() - since < STRETCH_MS) return undefined;
    return nextTurn().then(() => {
      since = performance.now();
    });
  };
}
