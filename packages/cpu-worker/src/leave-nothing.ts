import type { JobId } from '@styleflow/contracts';
import type { JobRecords } from '@styleflow/queue';
import type { Logger } from '@styleflow/runtime';
import { jobPrefix, type ObjectStore } from '@styleflow/storage';

export interface LeaveNothingPorts {
  readonly records: Pick<JobRecords, 'isBuried'>;
  readonly store: Pick<ObjectStore, 'deletePrefix'>;
  readonly logger: Logger;
}

/**
 * A stage that clears up after itself: when its job was deleted while it ran, all that it wrote is deleted as it ends, seconds after
 * the deletion. Whatever cannot be deleted then, and what a lost process wrote, is left to the sweep.
 */
export function leaveNothing<A extends { readonly payload: { readonly job: JobId } }, R>(
  { records, store, logger }: LeaveNothingPorts,
  stage: (attempt: A) => Promise<R>,
): (attempt: A) => Promise<R> {
  return async (attempt) => {
    const { job } = attempt.payload;
    try {
      return await stage(attempt);
    } finally {
      try {
        if (await records.isBuried(job)) {
          const deleted = await store.deletePrefix(jobPrefix(job));
          if (deleted > 0)
            logger.info({ job, deleted }, 'deleted what was written for a job that was deleted meanwhile');
        }
      } catch (error) {
        logger.warn({ err: error, job }, 'left what was written for a deleted job to the sweep');
      }
    }
  };
}
