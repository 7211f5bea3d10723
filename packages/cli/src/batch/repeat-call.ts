import { setTimeout as pause } from 'node:timers/promises';
import { JobError } from '@styleflow/contracts';

/** How often a call is tried, and the pause after the first try, which doubles. */
const TRIES = 6;
const FIRST_PAUSE_MS = 1000;

/**
 * Repeats what failed for now: an outage, or a limit that says when it is over.
 * @throws what no repetition helps, or the last failure; the signal's reason
 */
export async function repeatCall<T>(call: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await call();
    } catch (error) {
      signal.throwIfAborted();
      if (tries >= TRIES || !(error instanceof JobError) || !error.retryable) throw error;
      const seconds = error.details?.retryAfterSeconds;
      const ms = typeof seconds === 'number' ? seconds * 1000 : FIRST_PAUSE_MS * 2 ** (tries - 1);
      await pause(ms, undefined, { signal });
    }
  }
}
