import { JobError, type JobId } from '@styleflow/contracts';
import { mapBounded } from '@styleflow/runtime';
import { sourceKey } from '@styleflow/storage';
import type { SweepPorts } from './sweep-ports.js';

const PAGE = 500;
/** Writes at once: a store of 50 ms takes 160 records a second, several times what one Redis lets end. */
const WRITES_AT_ONCE = 8;

/** Moves the records of jobs that ended a while ago from Redis to the store, so that Redis grows with the load alone. */
export async function archiveEnded(ports: SweepPorts, signal?: AbortSignal): Promise<void> {
  const { clock, custodyLogs, endedJobs, logger, retention } = ports;
  for (const job of await custodyLogs.unkeptBefore((await clock.read()) - retention.redisMs, PAGE)) {
    if (!signal?.aborted) await custodyLogs.archive(job);
  }
  for (;;) {
    const jobs = await endedJobs.unarchivedBefore((await clock.read()) - retention.redisMs, PAGE);
    const moved = await mapBounded(jobs, WRITES_AT_ONCE, async (job) => {
      if (signal?.aborted) return false;
      // One record that cannot be read must not keep the others from being moved.
      await dropSource(ports, job).catch((error: unknown) => {
        if (error instanceof JobError && error.fault === 'surroundings') throw error;
        logger.warn({ job, err: error }, 'whether a source is to be kept could not be read: its retention decides');
      });
      return endedJobs.archive(job);
    });
    const count = moved.filter(Boolean).length;
    if (count > 0) logger.debug({ records: count }, 'moved records of ended jobs to the store');
    // None: all is done, or others move the same.
    if (count === 0) return;
  }
}

/** An uploaded video whose job has succeeded and is not to keep it: nothing reads it any more. Of others a retry may. */
async function dropSource({ records, endedJobs, store }: SweepPorts, job: JobId): Promise<void> {
  const record = await records.read(job);
  if (record?.status !== 'succeeded' || record.options.keepSource || record.source.type !== 'upload') return;
  await store.delete([sourceKey(job)]);
  await endedJobs.forgetSource(job, record.owner);
}
