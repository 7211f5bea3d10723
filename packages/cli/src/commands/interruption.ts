import { JobError } from '@styleflow/contracts';

export interface Interruption {
  /** Aborts with a `canceled` error that says the sentence. */
  readonly signal: AbortSignal;
  /** Gives signals the meaning back that they had before. */
  release(): void;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Watches for an interruption: Ctrl-C, SIGTERM, a closed terminal, or the end of the parent that started this process
 * over a channel. The first one aborts the signal, so that the command can stop what it has running. A second Ctrl-C
 * ends the process at once.
 * @param sentence what the error says; a function where that depends on how far the command has come by then
 */
export function watchInterruption(sentence: string | (() => string)): Interruption {
  const controller = new AbortController();
  const words = (): string => (typeof sentence === 'string' ? sentence : sentence());
  const abort = (): void => controller.abort(new JobError('canceled', words()));
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
