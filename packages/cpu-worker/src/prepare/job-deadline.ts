import { JobError } from '@styleflow/contracts';
import type { JobRecord, SharedClock } from '@styleflow/queue';

/** The longest that a timer of Node's can wait. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export interface JobDeadline {
  readonly signal: AbortSignal;
  /**
   * The error, or where its source asks to wait for longer than the job's time lasts, that it does.
   */
  bounded(error: unknown): unknown;
  stop(): void;
}

/**
 * Bounds what all attempts of a run's `prepare` take together, waits included: each may be within its own limits and the job yet
 * never come to an end. A start in the future was noted by a clock that has gone back since, and counts as none.
 * @returns a signal that fires with JobError `decode_timeout`, which is final, when the time is over
 * @throws that error when it is over already
 */
export async function startJobDeadline(
  { clock, maxJobMs }: { readonly clock: SharedClock; readonly maxJobMs: number },
  { startedAt }: Pick<JobRecord, 'startedAt'>,
): Promise<JobDeadline> {
  const spentMs = startedAt === null ? 0 : Math.max(0, (await clock.now()) - Date.parse(startedAt));
  const hours = Number((maxJobMs / 3_600_000).toFixed(2));
  const message = `The video could not be fetched and decoded within ${hours} hours, all attempts together (STYLEFLOW_MAX_JOB_HOURS)`;
  const overdue = new JobError('decode_timeout', message, { retryable: false });
  if (spentMs >= maxJobMs) throw overdue;
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(overdue), Math.min(maxJobMs - spentMs, LONGEST_TIMER_MS));
  const endsAt = performance.now() + maxJobMs - spentMs;
  return {
    signal: abort.signal,
    bounded(error) {
      const pauseMs = error instanceof JobError ? error.retryAfterMs : undefined;
      if (pauseMs === undefined || performance.now() + pauseMs < endsAt) return error;
      const { code, message: asked } = error as JobError;
      const sentence = `${asked}, when the job's ${hours} hours are over (STYLEFLOW_MAX_JOB_HOURS)`;
      return new JobError(code, sentence, { cause: error, retryable: false });
    },
    stop: () => clearTimeout(timer),
  };
}
