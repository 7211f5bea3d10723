import { setTimeout as pause } from 'node:timers/promises';

/**
 * Something that takes a second on an idle machine takes many on a small, busy one. Only what never happens should
 * reach this.
 */
const PATIENCE_MS = 60_000;

/**
 * Calls `probe` until it answers something true (or stops throwing), and answers that. It asks quickly at first, then
 * every 50 ms. After a minute the test fails with `what` and the last error.
 */
export async function until<T>(
  what: string,
  probe: () => T | Promise<T>,
  options: { timeoutMs?: number } = {},
): Promise<NonNullable<T>> {
  const { timeoutMs = PATIENCE_MS } = options;
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
