import { JobError } from '@styleflow/contracts';

export interface Interruption {
  /** Aborts with a `canceled` error that says `sentence`. */
  readonly signal: AbortSignal;
  /** Gives signals the meaning back that they had before. */
  release(): void;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Watches for an interruption: Ctrl-C, SIGTERM, a closed terminal, or the end of the parent that started this process
 * over a channel. The first one aborts the signal, so that the command can stop what it has running. A second Ctrl-C
 * ends the process at once.
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
