import { JobError, printJobError, SURROUNDINGS, type Surrounding } from '@styleflow/contracts';
import type { Waited } from './waited.js';

/**
 * What becomes of an attempt that failed. `fail`: the entry has failed, with this error. `retry`: another attempt, which counts.
 * `wait`: another one that does not, since the entry has no part in what is away.
 */
export type RetryOutcome =
  | { readonly kind: 'fail'; readonly error: JobError }
  | { readonly kind: 'retry'; readonly delayMs: number }
  | { readonly kind: 'wait'; readonly delayMs: number; readonly waited: Waited | null };

export interface FailedAttempt {
  readonly error: JobError;
  /** Attempts that failed before this one. Starts that were lost with their worker do not count. */
  readonly failuresBefore: number;
  /** Attempts in all, and the first delay: from the catalog. */
  readonly attempts: number;
  readonly backoffMs: number;
  /** What the entry was waiting for when this attempt began, if that is still away. */
  readonly waited: Waited | null;
  /** Ms since the epoch, by the clock of Redis. */
  readonly now: number;
  /** How long what is away may be away before the entry fails. */
  readonly budgetMs: number;
}

/** Of the error that is kept with an entry that waits. */
const MOST_CHARACTERS = 500;
const FIRST_WAIT_MS = 1_000;
/** Until an entry asks again whether it is its turn. */
const TURN_WAIT_MS = 3_000;
/** Longest wait as a share of the budget: of a quarter of an hour, 30 s. */
const LONGEST_WAIT_SHARE = 1 / 30;

/**
 * The one decision about a failed attempt. Delays double with every further failure, plus up to half of them as jitter, so that
 * what failed together does not come back together. `random` yields 0..1.
 */
export function decideRetry(attempt: FailedAttempt, random: () => number = Math.random): RetryOutcome {
  const { error, failuresBefore, attempts, backoffMs } = attempt;
  const jitter = 1 + random() / 2;
  if (error.retryable && error.away !== undefined) return decideWait(attempt, error.away, jitter);
  if (!error.retryable || failuresBefore + 1 >= attempts) return { kind: 'fail', error };
  return { kind: 'retry', delayMs: Math.round(backoffMs * 2 ** failuresBefore * jitter) };
}

function decideWait({ error, waited, now, budgetMs }: FailedAttempt, away: Surrounding, jitter: number): RetryOutcome {
  const before = waited?.away === away ? waited : { away, since: now, times: 0, reason: '' };
  // Nothing is broken then: others are before the entry, for as long as that takes.
  const isForItsTurn = away === 'turn';
  if (!isForItsTurn && now - before.since > budgetMs) return { kind: 'fail', error: outlasted(error, away, budgetMs) };
  const longestMs = Math.max(FIRST_WAIT_MS, budgetMs * LONGEST_WAIT_SHARE);
  const delayMs = isForItsTurn ? TURN_WAIT_MS : Math.min(longestMs, FIRST_WAIT_MS * 2 ** before.times);
  return {
    kind: 'wait',
    delayMs: Math.round(delayMs * jitter),
    waited: { ...before, times: before.times + 1, reason: printJobError(error).slice(0, MOST_CHARACTERS) },
  };
}

function outlasted(error: JobError, away: Surrounding, budgetMs: number): JobError {
  const minutes = Number((budgetMs / 60_000).toFixed(2));
  const message = `The job waited for ${SURROUNDINGS[away].name} for more than ${minutes} minutes: ${error.message}`;
  return new JobError(error.code, message, { cause: error, retryable: false });
}
