import type { JobRecord } from '@styleflow/queue';
import type { SweepRooms } from './sweep-rooms.js';

/** A submission adds the record first and the flow at once after it: younger jobs are left to it. */
const SETTLED_MS = 2_000;

/**
 * Gives every unfinished job that nobody will work on its entries again: a submission that crashed between record and flow,
 * entries lost with a Redis that forgot, a finish that used up its attempts during an outage.
 */
export async function reviveJobs({ records, queue, logger }: SweepRooms, signal?: AbortSignal): Promise<void> {
  for await (const record of records.unfinished()) {
    if (signal?.aborted) return;
    if (Date.now() - Date.parse(record.createdAt) < SETTLED_MS) continue;
    const run = { job: record.id, run: record.run };
    const state = await queue.flowState(run);
    if (state === 'live') continue;
    // It may have ended between the two looks.
    if (!(await isOpen(record, records))) continue;
    logger.warn({ ...run, state }, 'reviving a job that nobody works on');
    if (state === 'dead') await queue.reviveFinish(run);
    else await queue.addFlow(flowOf(record));
  }
}

async function isOpen(record: JobRecord, records: SweepRooms['records']): Promise<boolean> {
  const now = await records.read(record.id);
  return now !== null && now.run === record.run && now.finishedAt === null;
}

function flowOf({ id, run, source, options, bundle }: JobRecord) {
  return { v: 1, job: id, run, source, options, bundle: { id: bundle.id, digest: bundle.digest } } as const;
}
