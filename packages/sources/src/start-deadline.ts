import { JobError } from '@styleflow/contracts';

export interface Deadline {
  /** Aborts with JobError `source_unreachable` when time is over, or with the caller's own reason. */
  readonly signal: AbortSignal;
  /** Something came: the idle time begins anew. */
  touch(): void;
  /** To be called in every case: ends the timers. */
  stop(): void;
}

export interface DeadlineOptions {
  /** The longest silence. */
  readonly idleTimeoutMs: number;
  /** From now to the end. */
  readonly totalTimeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** Two clocks and the caller's own abort in one signal. */
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
