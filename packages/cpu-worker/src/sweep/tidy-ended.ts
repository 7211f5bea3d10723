import { isJobId } from '@styleflow/contracts';
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
  const stored = new Set<string>();
  for await (const job of listTombstones(ports.store)) {
    if (signal?.aborted) return;
    stored.add(job);
    await followTombstone(ports, job);
  }
  for (const job of await ports.endedJobs.buriedIds()) {
    if (signal?.aborted) return;
    // Of versions that left none in the store.
    if (!stored.has(job)) await deleteLeftovers(ports, job);
  }
}

/** A Redis that forgot the tombstone gets it again; once its time is over and nothing is left, the store's goes, too. */
async function followTombstone(ports: SweepPorts, job: string): Promise<void> {
  const { lostJobs, store } = ports;
  const text = isJobId(job) ? await store.get(tombstoneKey(job)) : null;
  if (text === null || !isJobId(job)) return;
  const stands = await lostJobs.buryAgain(job, readTombstone(text.toString('utf8')).at);
  const deleted = await deleteLeftovers(ports, job);
  if (!stands && deleted === 0) await store.delete([tombstoneKey(job)]);
}

async function deleteLeftovers({ store, logger }: SweepPorts, job: string): Promise<number> {
  const deleted = await store.deletePrefix(jobPrefix(job));
  if (deleted > 0) logger.info({ job, deleted }, 'deleted objects of a deleted job');
  return deleted;
}
