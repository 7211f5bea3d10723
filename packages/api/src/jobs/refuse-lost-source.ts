import { isRetryable, JobError } from '@styleflow/contracts';
import type { JobRecord } from '@styleflow/queue';
import { sourceKey } from '@styleflow/storage';
import type { ApiPorts } from '../ports/api-ports.js';

/**
 * Refuses to run a job again whose source cannot be fetched any more: its credentials were erased with the end of the run before,
 * and no copy of the video is at the job's own place.
 * @throws JobError `conflict`
 */
export async function refuseLostSource(
  { store }: Pick<ApiPorts, 'store'>,
  { id, isSourceSealed, status, rescoreOf }: JobRecord,
): Promise<void> {
  // What an earlier job of the video keeps, or has sealed, the worker looks for.
  if (!isSourceSealed || !isRetryable(status) || rescoreOf !== undefined) return;
  if ((await store.head(sourceKey(id))) !== null) return;
  throw new JobError(
    'conflict',
    'The credentials in the address of the source were erased when the job ended: the source must be given anew, as a new job with the whole address.',
  );
}
