import { mapBounded } from '@styleflow/runtime';
import type { SweepPorts } from './sweep-ports.js';

const PAGE = 500;
/** Writes at once: a store of 50 ms takes 160 records a second, several times what one Redis lets end. */
const WRITES_AT_ONCE = 8;

/** Moves the records of jobs that ended a while ago from Redis to the store, so that Redis grows with the load alone. */
export async function archiveEnded(
  { clock, custodyLogs, endedJobs, logger, retention }: SweepPorts,
  signal?: AbortSignal,
): Promise<void> {
  for (const job of await custodyLogs.unkeptBefore((await clock.read()) - retention.redisMs, PAGE)) {
    if (!signal?.aborted) await custodyLogs.archive(job);
  }
  for (;;) {
    const jobs = await endedJobs.unarchivedBefore((await clock.read()) - retention.redisMs, PAGE);
    const moved = await mapBounded(
      jobs,
      WRITES_AT_ONCE,
      async (job) => !signal?.aborted && (await endedJobs.archive(job)),
    );
    const count = moved.filter(Boolean).length;
    if (count > 0) logger.debug({ records: count }, 'moved records of ended jobs to the store');
    // None: all is done, or others move the same.
    if (count === 0) return;
  }
}
