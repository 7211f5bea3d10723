import type { SweepPorts } from './sweep-ports.js';

const PAGE = 200;

/** Puts records into the store that could not be kept there when their jobs were accepted. */
export async function keepAccepted({ lostJobs, logger }: SweepPorts, signal?: AbortSignal): Promise<void> {
  for (;;) {
    const jobs = await lostJobs.unkept(PAGE);
    if (jobs.length === 0) return;
    // Those that are being submitted now may be among them: what is kept twice is the same.
    for (const job of jobs) {
      if (signal?.aborted) return;
      await lostJobs.keep(job);
    }
    logger.info({ jobs: jobs.length }, 'kept records of accepted jobs in the store');
    if (jobs.length < PAGE) return;
  }
}
