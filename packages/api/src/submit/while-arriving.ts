import { JobError, type JobId } from '@styleflow/contracts';
import type { ApiPorts } from '../ports/api-ports.js';

/** The sweep gives a process up for lost after a minute at the least. */
const NOTED_EVERY_MS = 20_000;
/** There is a new id by then. */
const COME_AGAIN_S = 1;

/**
 * Runs what puts a video at the own place of job `id`, for which there is no record yet. It is noted as long as that lasts, so that the
 * sweep deletes what this process leaves there if it is lost; whoever makes the job notes it again, since an outage may have been
 * longer than the sweep waits.
 * @throws JobError `conflict`, to be tried again, when the place was given up by then
 */
export async function whileArriving<T>(
  { arrivals, logger }: Pick<ApiPorts, 'arrivals' | 'logger'>,
  id: JobId,
  task: () => Promise<T>,
): Promise<T> {
  if (!(await arrivals.note(id))) {
    throw new JobError('conflict', 'This submission took so long that it was given up meanwhile; try again.', {
      retryable: true,
      details: { retryAfterSeconds: COME_AGAIN_S },
    });
  }
  const noting = setInterval(() => {
    arrivals.note(id).catch((error: unknown) => {
      logger.debug({ err: error, job: id }, 'could not note that a video is still arriving');
    });
  }, NOTED_EVERY_MS);
  try {
    return await task();
  } finally {
    clearInterval(noting);
  }
}
