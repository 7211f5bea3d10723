import { JobError } from '@styleflow/contracts';
import type { ApiCaller } from './api-caller.js';
import type { AnswerOf, JsonCall } from './documented.js';
import { sleep } from './sleep.js';

export interface WaitOptions<T> {
  /** Called with what is waited for at the beginning, and then when it has changed, about once a second at most. */
  readonly onChange?: ((seen: T) => void) | undefined;
  /** An abort ends the wait. What is waited for goes on. */
  readonly signal?: AbortSignal | undefined;
  /** When the API has been away for so long without a break, the wait ends with its error. The job goes on. */
  readonly patienceMs?: number;
}

/** How long the API holds one call. With `onChange` it is short, since a change is seen only when a call ends. */
const HOLD_S = 30;
const HOLD_WATCHED_S = 1;
/** Pause after an error when the server does not say how long to wait. */
const RETRY_S = 1;

/**
 * Waits until a job or batch has ended, in whatever way, and returns it. It asks the API to hold its answers; one that does
 * not is asked again after its `Retry-After`.
 * @throws StyleFlowError of a call that cannot succeed later (`not_found`, `unauthorized`, …), or of an outage beyond
 * `patienceMs`.
 */
export async function waitForEnd<Op extends JsonCall>(
  caller: ApiCaller,
  { operation, id, hasEnded }: { operation: Op; id: string; hasEnded: (seen: AnswerOf<Op>) => boolean },
  { onChange, signal, patienceMs = 30_000 }: WaitOptions<AnswerOf<Op>>,
): Promise<AnswerOf<Op>> {
  const hold = onChange === undefined ? HOLD_S : HOLD_WATCHED_S;
  let etag: string | null = null;
  let hasAnswered = false;
  let failingSince: number | null = null;
  for (;;) {
    try {
      const response: Response = await caller.send(operation, {
        path: { id },
        headers: { Prefer: `wait=${hold}`, ...(etag === null ? {} : { 'If-None-Match': etag }) },
        signal,
      });
      hasAnswered = true;
      failingSince = null;
      if (response.status === 200) {
        etag = response.headers.get('ETag');
        const seen = await caller.check(operation, response);
        onChange?.(seen);
        if (hasEnded(seen)) return seen;
      }
      if (response.headers.get('Preference-Applied') === null) await sleep(retryAfterMs(response), signal);
    } catch (error) {
      if (!(error instanceof JobError) || !error.retryable) throw error;
      // When this address has never answered, it is more likely a wrong address than an outage.
      if (error.code === 'internal' && !hasAnswered) throw error;
      failingSince ??= performance.now();
      if (performance.now() - failingSince > patienceMs) throw error;
      const seconds = error.details?.retryAfterSeconds;
      await sleep((typeof seconds === 'number' ? seconds : RETRY_S) * 1000, signal);
    }
  }
}

function retryAfterMs(response: Response): number {
  const seconds = Number(response.headers.get('Retry-After') ?? RETRY_S);
  return (Number.isFinite(seconds) && seconds > 0 ? seconds : RETRY_S) * 1000;
}
