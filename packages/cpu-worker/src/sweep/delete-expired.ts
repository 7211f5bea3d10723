import { dropRunPictures } from '@styleflow/clips';
import type { JobId } from '@styleflow/contracts';
import type { JobRecord } from '@styleflow/queue';
import { jobPrefix, putTombstone, sourceKey, UPLOADS_PREFIX } from '@styleflow/storage';
import type { SweepPorts } from './sweep-ports.js';

const PAGE = 200;

/** Deletes what has been kept as long as was promised. */
export async function deleteExpired(ports: SweepPorts, signal?: AbortSignal): Promise<void> {
  const now = Date.now();
  await deleteResults(ports, now - ports.retention.resultMs, signal);
  await deleteMedia(ports, now - ports.retention.mediaMs, signal);
  await deleteUploads(ports, now - ports.retention.mediaMs, signal);
}

/**
 * The tombstone first, which a Redis that forgets does not take with it, then the record: from then on every late write is
 * refused or deleted again.
 */
async function deleteResults(
  { records, endedJobs, lostJobs, store, logger }: SweepPorts,
  before: number,
  signal?: AbortSignal,
): Promise<void> {
  for (;;) {
    const jobs = await endedJobs.endedBefore(before, PAGE);
    if (jobs.length === 0) return;
    for (const job of jobs) {
      if (signal?.aborted) return;
      const owner = (await records.read(job))?.owner ?? null;
      await putTombstone(store, job, { owner, at: await lostJobs.now() });
      await records.bury(job);
      await store.deletePrefix(jobPrefix(job));
      logger.info({ job }, 'deleted a job after its retention');
    }
  }
}

async function deleteMedia(
  { records, endedJobs, store, logger }: SweepPorts,
  before: number,
  signal?: AbortSignal,
): Promise<void> {
  let mark = await endedJobs.mediaMark();
  let seen: readonly JobId[] = [];
  for (;;) {
    // Several may have ended in the same millisecond: the mark's own are looked at again.
    const page = await endedJobs.endedBefore(before, PAGE, mark);
    const jobs = page.filter((job) => !seen.includes(job));
    if (jobs.length === 0) break;
    for (const record of await records.readMany(jobs)) {
      if (signal?.aborted) return;
      await deleteMediaOf(store, record);
      logger.debug({ job: record.id }, 'deleted the media of a job after their retention');
      mark = Math.max(mark, Date.parse(record.finishedAt ?? record.createdAt));
    }
    await endedJobs.raiseMediaMark(mark);
    seen = page;
  }
  await endedJobs.raiseMediaMark(before);
}

/** Of all its runs: a retried job's earlier pictures go with the last ones. */
async function deleteMediaOf(store: SweepPorts['store'], { id, run }: JobRecord): Promise<void> {
  await store.delete([sourceKey(id)]);
  for (let number = 1; number <= run; number += 1) await dropRunPictures(store, { job: id, run: number });
}

/** Presigned uploads that were never submitted, and those whose copy was made. */
async function deleteUploads({ store, logger }: SweepPorts, before: number, signal?: AbortSignal): Promise<void> {
  const keys: string[] = [];
  for await (const { key, modifiedAt } of store.list(UPLOADS_PREFIX)) {
    if (signal?.aborted) return;
    if (modifiedAt.getTime() < before) keys.push(key);
  }
  if (keys.length > 0) await store.delete(keys);
  if (keys.length > 0) logger.info({ uploads: keys.length }, 'deleted abandoned uploads');
}
