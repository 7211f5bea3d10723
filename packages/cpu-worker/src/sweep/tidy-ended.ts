import { isJobId, type JobId } from '@styleflow/contracts';
import { jobPrefix, listTombstones, readTombstone, tombstoneKey } from '@styleflow/storage';
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

/** Deletes again what a late worker wrote for a job that had been deleted, for as long as its tombstone stands anywhere. */
export async function deleteBuried(ports: SweepPorts, signal?: AbortSignal): Promise<void> {
  const buried = await ports.endedJobs.buriedIds();
  for (const job of buried) {
    if (signal?.aborted) return;
    await deleteLeftovers(ports, job);
  }
  const known = new Set<string>(buried);
  for await (const job of listTombstones(ports.store)) {
    if (signal?.aborted) return;
    if (isJobId(job) && !known.has(job)) await followTombstone(ports, job);
  }
}

/**
 * Of a tombstone that the store has alone. A deletion that stopped half-way is completed, a Redis that forgot is told again;
 * once its time is over and nothing is left, the store's goes, too.
 */
async function followTombstone(ports: SweepPorts, job: JobId): Promise<void> {
  const { lostJobs, records, store } = ports;
  const text = await store.get(tombstoneKey(job));
  if (text === null) return;
  const isHalfWay = (await records.read(job)) !== null;
  if (isHalfWay) await records.bury(job);
  const stands = isHalfWay || (await lostJobs.buryAgain(job, readTombstone(text.toString('utf8')).at));
  const deleted = await deleteLeftovers(ports, job);
  if (!stands && deleted === 0) await store.delete([tombstoneKey(job)]);
}

async function deleteLeftovers({ store, logger }: SweepPorts, job: JobId): Promise<number> {
  const deleted = await store.deletePrefix(jobPrefix(job));
  if (deleted > 0) logger.info({ job, deleted }, 'deleted objects of a deleted job');
  return deleted;
}
