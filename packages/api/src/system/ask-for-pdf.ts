import { JobError } from '@styleflow/contracts';
import type { KnownJob } from '../jobs/load-job.js';
import type { ApiPorts } from '../ports/api-ports.js';
import { takesEntries } from './read-queues.js';

/** A page is printed in a few seconds. */
export const PDF_RETRY_S = 2;

const NO_BROWSER =
  'No CPU worker of this system has a Chromium that prints. Install one where a CPU worker runs (apt-get install chromium) and start that worker again; docs/report.md tells what its sandbox takes. The page itself is at /report.';

/**
 * Has the report printed, unless it is under way.
 * @throws JobError `not_available` where nobody can do it, `internal` when it failed: the next call tries anew
 */
export async function askForPdf(
  { announcements, reports }: Pick<ApiPorts, 'announcements' | 'reports'>,
  { id, run }: Pick<KnownJob, 'id' | 'run'>,
): Promise<void> {
  const workers = await announcements.workers();
  if (!workers.some((worker) => worker.printsReports === true && takesEntries(worker))) {
    throw new JobError('not_available', NO_BROWSER);
  }
  const failure = await reports.ask({ job: id, run });
  if (failure !== null) throw new JobError('internal', `The report could not be printed: ${failure}`);
}
