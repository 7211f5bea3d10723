import { setTimeout as pause } from 'node:timers/promises';

/**
 * Waits until `probe` answers something true (or stops throwing) and answers that.
 * Polls quickly at first, then every 50 ms; a condition that does not come fails the test with `what` and the last error.
 */
export async function until<T>(
  what: string,
  probe: () => T | Promise<T>,
  options: { timeoutMs?: number } = {},
): Promise<NonNullable<T>> {
  // Half of what a test may take: on a small, busy machine a process needs ten seconds and more to start.
  const { timeoutMs = 60_000 } = options;
  const deadline = performance.now() + timeoutMs;
  let lastError: unknown;
  for (let waitMs = 1; ; waitMs = Math.min(50, waitMs * 2)) {
    try {
      const answer = await probe();
      if (answer) return answer;
      lastError = undefined;
    } catch (error) {
      lastError = error;
    }
    if (performance.now() > deadline) {
      throw new Error(`waited ${timeoutMs} ms in vain until ${what}`, { cause: lastError });
    }
    await pause(waitMs);
  }
}
