import type { JobId } from '@styleflow/contracts';
import { jobPrefix, type PartUpload, sourceKey } from '@styleflow/storage';
import type { SweepPorts } from './sweep-ports.js';

type Ports = Pick<SweepPorts, 'arrivals' | 'clock' | 'records' | 'store' | 'logger' | 'outageBudgetMs'>;

const PAGE = 200;
/** Several times as long as the API lets pass between two notes. */
const LEAST_SILENCE_MS = 60_000;

/**
 * Deletes videos at the places of jobs that were never made: the API that received them was killed, or could not take them back.
 * One that only hears nothing of Redis is waited for as long as an outage may last.
 */
export async function deleteAbandoned(ports: Ports, signal?: AbortSignal): Promise<void> {
  const { arrivals, clock, outageBudgetMs } = ports;
  const before = (await clock.read()) - Math.max(LEAST_SILENCE_MS, outageBudgetMs);
  for (;;) {
    const jobs = await arrivals.notedBefore(before, PAGE);
    for (const job of jobs) {
      if (signal?.aborted) return;
      await deleteVideo(ports, job);
      await arrivals.forget(job, before);
    }
    if (jobs.length < PAGE) return;
  }
}

/**
 * Also what has come of one by now, where a store is sent objects in parts. From the moment it goes no job can be made of it. What has
 * more than a video was accepted, whatever Redis knows of it.
 */
async function deleteVideo({ records, store, logger }: Ports, job: JobId): Promise<void> {
  const video = sourceKey(job);
  const keys: string[] = [];
  for await (const { key } of store.list(jobPrefix(job))) keys.push(key);
  const begun: PartUpload[] = [];
  for await (const upload of store.parts.open(video)) begun.push(upload);
  if (keys.length + begun.length === 0 || keys.some((key) => key !== video)) return;
  if (!(await records.preclude(job))) return;
  for (const upload of begun) await store.parts.abort(upload);
  await store.delete(keys);
  logger.info({ job }, 'deleted the video of a submission that never became a job');
}
