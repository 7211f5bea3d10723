import { jobPrefix } from '@styleflow/storage';
import type { SweepPorts } from './sweep-ports.js';

/** Runs looked at in one page; a round goes on until a page leaves nothing to do. */
const PAGE = 500;

/** Deletes the queue entries of runs that have ended; those that a worker still holds wait for the next round. */
export async function removeEndedEntries(
  { endedJobs, queue, logger }: SweepPorts,
  signal?: AbortSignal,
): Promise<void> {
  const held = new Set<string>();
  for (;;) {
    const page = await endedJobs.pendingCleanups(PAGE + held.size);
    const runs = page.filter(({ job, run }) => !held.has(`${job}.${run}`));
    if (runs.length === 0) return;
    for (const run of runs) {
      if (signal?.aborted) return;
      if (await queue.removeEntries(run)) await endedJobs.confirmCleanup(run);
      else held.add(`${run.job}.${run.run}`);
    }
    logger.debug({ runs: runs.length, held: held.size }, 'removed entries of ended runs');
  }
}

/** Deletes again what a late worker wrote for a job that had been deleted, for as long as its tombstone stands. */
export async function deleteBuried({ endedJobs, store, logger }: SweepPorts, signal?: AbortSignal): Promise<void> {
  for (const job of await endedJobs.buriedIds()) {
    if (signal?.aborted) return;
    const deleted = await store.deletePrefix(jobPrefix(job));
    if (deleted > 0) logger.info({ job, deleted }, 'deleted objects of a deleted job');
  }
}
