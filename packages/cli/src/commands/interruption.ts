import { JobError } from '@styleflow/contracts';

export interface Interruption {
  /** Aborts with a `canceled` error that says `sentence`. */
  readonly signal: AbortSignal;
  /** From here on a signal means what it meant before. */
  release(): void;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * The first Ctrl-C, SIGTERM, closed terminal or end of the parent that started us over a channel aborts the signal:
 * whoever has something running takes it down and waits for that. A second Ctrl-C ends the process at once.
 */
export function watchInterruption(sentence: string): Interruption {
  const controller = new AbortController();
  const abort = (): void => controller.abort(new JobError('canceled', sentence));
  for (const name of SIGNALS) process.once(name, abort);
  if (process.channel) process.once('disconnect', abort);
  return {
    signal: controller.signal,
    release: () => {
      for (const name of SIGNALS) process.off(name, abort);
      process.off('disconnect', abort);
    },
  };
}
