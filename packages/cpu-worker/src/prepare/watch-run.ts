import { JobError, type JobRun } from '@styleflow/contracts';
import type { JobRecords } from '@styleflow/queue';
import type { Logger } from '@styleflow/runtime';
import type { PrepareThread } from './prepare-threads.js';

/** About three reports a second: what a progress bar can show, and how long a canceled job may run on. */
const LOOK_EVERY_MS = 350;

/** The run is not wanted any more: canceled, deleted, ended or retried. Its work ends without a result of its own. */
export class RunUnwanted extends Error {
  override readonly name = 'RunUnwanted';
}

export interface RunWatch {
  /** Fires with `RunUnwanted`, or with the reason of the attempt's own signal. */
  readonly signal: AbortSignal;
  stop(): void;
}

/**
 * Reports the thread's progress a few times a second and learns from each report whether the run is still wanted.
 * An outage of Redis is sat out here: the lock decides then who goes on.
 */
export function watchRun(
  run: JobRun,
  ports: { readonly thread: Pick<PrepareThread, 'look'>; readonly records: JobRecords; readonly logger: Logger },
  attemptSignal: AbortSignal,
): RunWatch {
  const abort = new AbortController();
  const signal = AbortSignal.any([attemptSignal, abort.signal]);
  let timer: NodeJS.Timeout | undefined;

  async function look(): Promise<void> {
    try {
      const isWanted = await ports.records.reportProgress(run, await ports.thread.look());
      if (!isWanted) abort.abort(new RunUnwanted('the run is not wanted any more'));
    } catch (error) {
      if (!(error instanceof JobError)) throw error;
      ports.logger.debug({ err: error }, 'could not report progress');
    }
    schedule();
  }
  function schedule(): void {
    if (!signal.aborted) timer = setTimeout(look, LOOK_EVERY_MS);
  }
  schedule();
  return {
    signal,
    stop() {
      abort.abort(new RunUnwanted('the work has ended'));
      clearTimeout(timer);
    },
  };
}
