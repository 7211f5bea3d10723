import type { SweepPorts } from './sweep-ports.js';

const PAGE = 200;
/** A submission keeps its record itself: younger ones are left to it. */
const SETTLED_MS = 5_000;

/** Puts records into the store that could not be kept there when their jobs were accepted. */
export async function keepAccepted({ lostJobs, logger }: SweepPorts, signal?: AbortSignal): Promise<void> {
  for (;;) {
    const jobs = await lostJobs.unkept((await lostJobs.now()) - SETTLED_MS, PAGE);
    if (jobs.length === 0) return;
    for (const job of jobs) {
      if (signal?.aborted) return;
      await lostJobs.keep(job);
    }
    logger.info({ jobs: jobs.length }, 'kept records of accepted jobs in the store');
  }
}
