import { JobError } from '@styleflow/contracts';

export interface Deadline {
  /** Aborts with JobError `source_unreachable` when the time is over, or with the caller's own reason. */
  readonly signal: AbortSignal;
  /** Call it when something has come: the idle time begins anew. */
  touch(): void;
  /** Ends the timers. It must be called in every case. */
  stop(): void;
}

export interface DeadlineOptions {
  /** Longest time between two calls of `touch`. */
  readonly idleTimeoutMs: number;
  /** Longest time from the start to `stop`. */
  readonly totalTimeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** Makes one signal of three: the idle time is over, the total time is over, the caller aborts. */
export function startDeadline({ idleTimeoutMs, totalTimeoutMs, signal }: DeadlineOptions): Deadline {
  const controller = new AbortController();
  const end = (sentence: string): void => controller.abort(new JobError('source_unreachable', sentence));
  const idle = setTimeout(() => end(`The source was silent for ${idleTimeoutMs / 1000} s`), idleTimeoutMs);
  const total = setTimeout(() => end(`The source took longer than ${totalTimeoutMs / 1000} s`), totalTimeoutMs);
  const onAbort = (): void => controller.abort(signal?.reason);
  if (signal?.aborted) onAbort();
  else signal?.addEventListener('abort', onAbort, { once: true });
  return {
    signal: controller.signal,
    touch: () => void idle.refresh(),
    stop() {
      clearTimeout(idle);
      clearTimeout(total);
      signal?.removeEventListener('abort', onAbort);
    },
  };
}
