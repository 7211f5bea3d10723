import type { JobId } from '@styleflow/contracts';
import { jobPrefix, putTombstone } from '@styleflow/storage';
import { agreeOnTime } from './agree-on-time.js';
import { deleteBatches, deleteMediaOfBatches } from './delete-expired-batches.js';
import { deleteUploads } from './delete-uploads.js';
import { deleteMediaOf, granted } from './granted-deletions.js';
import type { SweepPorts } from './sweep-ports.js';

/** Deletions asked for at once: granted just before they are made, so that a lost process wastes few. */
const PAGE = 50;

/**
 * Deletes what has been kept as long as was promised, by clocks that agree, and never more than so many a minute. What clients
 * delete is not held up by either.
 */
export async function deleteExpired(ports: SweepPorts, signal?: AbortSignal): Promise<void> {
  const now = await agreeOnTime(ports);
  if (now === null) return;
  await deleteResults(ports, now.redis - ports.retention.resultMs, signal);
  await deleteMedia(ports, now.redis - ports.retention.mediaMs, signal);
  await deleteBatches(ports, now.redis - ports.retention.resultMs, signal);
  await deleteMediaOfBatches(ports, now.redis - ports.retention.mediaMs, signal);
  await deleteUploads(ports, now.store - ports.retention.mediaMs, signal);
}

/**
 * The tombstone first, which a Redis that forgets does not take with it, then the record: from then on every late write is
 * refused or deleted again.
 */
async function deleteResults(ports: SweepPorts, before: number, signal?: AbortSignal): Promise<void> {
  const { clock, records, endedJobs, store, logger } = ports;
  for (;;) {
    const jobs = await granted(ports, 'results', await endedJobs.endedBefore(before, PAGE));
    if (jobs.length === 0) return;
    for (const job of jobs) {
      if (signal?.aborted) return;
      const owner = (await records.read(job))?.owner ?? null;
      await putTombstone(store, job, { owner, at: await clock.now() });
      await records.bury(job);
      await store.deletePrefix(jobPrefix(job));
      logger.info({ job }, 'deleted a job after its retention');
    }
  }
}

async function deleteMedia(ports: SweepPorts, before: number, signal?: AbortSignal): Promise<void> {
  const { records, endedJobs, store, logger } = ports;
  let mark = await endedJobs.mediaMark();
  let seen: readonly JobId[] = [];
  for (;;) {
    const from = mark;
    // Several may have ended in the same millisecond: the mark's own are looked at again.
    const page = await endedJobs.endedBefore(before, PAGE + seen.length, from);
    const due = page.filter((job) => !seen.includes(job)).slice(0, PAGE);
    if (due.length === 0) break;
    const jobs = await granted(ports, 'media', due);
    for (const record of await records.readMany(jobs)) {
      if (signal?.aborted) return;
      await deleteMediaOf(store, record);
      await endedJobs.forgetStored(record.id, record.owner);
      logger.debug({ job: record.id }, 'deleted the media of a job after their retention');
      mark = Math.max(mark, Date.parse(record.finishedAt ?? record.createdAt));
    }
    await endedJobs.raiseMediaMark(mark);
    if (jobs.length < due.length) return;
    seen = mark === from ? [...seen, ...jobs] : jobs;
  }
  await endedJobs.raiseMediaMark(before);
}
