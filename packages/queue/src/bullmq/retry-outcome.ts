import type { JobError } from '@styleflow/contracts';

/** What becomes of an attempt that failed. */
export type RetryOutcome = { readonly retry: false } | { readonly retry: true; readonly delayMs: number };

export interface FailedAttempt {
  readonly error: JobError;
  /** Attempts that failed before this one. Starts that were lost with their worker do not count. */
  readonly failuresBefore: number;
  /** Attempts in all, and the first delay: from the catalog. */
  readonly attempts: number;
  readonly backoffMs: number;
}

/**
 * Exponential backoff: the first delay, doubled with every further failure, plus up to half of it as jitter, so that what
 * failed together (an outage) does not come back together. `random` yields 0..1.
 */
export function decideRetry(
  { error, failuresBefore, attempts, backoffMs }: FailedAttempt,
  random: () => number = Math.random,
): RetryOutcome {
  if (!error.retryable || failuresBefore + 1 >= attempts) return { retry: false };
  const delayMs = backoffMs * 2 ** failuresBefore;
  return { retry: true, delayMs: Math.round(delayMs * (1 + random() / 2)) };
}
