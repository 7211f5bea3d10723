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
  /** When this worker last found what is away now in order, by the same clock; absent: not since its start. */
  readonly wellAt?: number | undefined;
  /** How long what is away may be away before the entry fails. */
  readonly budgetMs: number;
}

/** Of the error that is kept with an entry that waits. */
const MOST_CHARACTERS = 500;
const FIRST_WAIT_MS = 1_000;
/** Until an entry asks again whether it is its turn. */
const TURN_WAIT_MS = 3_000;
/** Nothing is broken, so nothing has to end within the budget: others are before the entry, or its source wants to be left alone. */
const WITHOUT_END: readonly Surrounding[] = ['turn', 'pause'];
/** At most half of this, at random, is added to a pause that was asked for. */
const PAUSE_SPREAD_MS = 10_000;
/** Longest wait as a share of the budget: of a quarter of an hour, 30 s. */
const LONGEST_WAIT_SHARE = 1 / 30;
/** An outage as long as the budget is met some 33 times. What an entry meets so often lies in the entry, not around it. */
const MOST_TIMES = 90;

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

function decideWait(attempt: FailedAttempt, away: Surrounding, jitter: number): RetryOutcome {
  const { error, now, budgetMs } = attempt;
  const before = waitedBefore(attempt, away);
  const isOver = now - before.since > budgetMs || before.times >= MOST_TIMES;
  if (!WITHOUT_END.includes(away) && isOver) return { kind: 'fail', error: outlasted(error, away, budgetMs) };
  const longestMs = Math.max(FIRST_WAIT_MS, budgetMs * LONGEST_WAIT_SHARE);
  const growingMs = away === 'turn' ? TURN_WAIT_MS : Math.min(longestMs, FIRST_WAIT_MS * 2 ** before.times);
  const askedMs = error.retryAfterMs ?? 0;
  // Never sooner than asked for, and those that were asked at once not all at once again.
  const spreadAskedMs = askedMs + (jitter - 1) * Math.min(askedMs, PAUSE_SPREAD_MS);
  const delayMs = Math.round(Math.max(growingMs * jitter, spreadAskedMs));
  const reason = printJobError(error).slice(0, MOST_CHARACTERS);
  return {
    kind: 'wait',
    delayMs,
    waited: { ...before, times: before.times + 1, due: now + delayMs, reason },
  };
}

/**
 * Where entries queue for long, one looks seldom, and may meet the end of one outage and the beginning of the next. So the time in
 * which it was due and nobody looked is no outage's: nobody knows what there was then. Others that got through between tell, too,
 * that these are two.
 */
function waitedBefore({ waited, now, wellAt }: FailedAttempt, away: Surrounding): Waited {
  if (waited?.away !== away) return { away, since: now, times: 0, reason: '' };
  if (SURROUNDINGS[away].fault !== 'surroundings') return waited;
  if (wellAt !== undefined && wellAt > waited.since) return { ...waited, since: now };
  const unlookedMs = Math.max(0, now - (waited.due ?? now));
  return { ...waited, since: Math.min(now, waited.since + unlookedMs) };
}

function outlasted(error: JobError, away: Surrounding, budgetMs: number): JobError {
  const minutes = Number((budgetMs / 60_000).toFixed(2));
  const message = `The job waited for ${SURROUNDINGS[away].name} for more than ${minutes} minutes: ${error.message}`;
  return new JobError(error.code, message, { cause: error, retryable: false });
}
