import { type BatchId, UNFINISHED_STATUSES } from '@styleflow/contracts';
import type { BatchRecord } from '@styleflow/queue';
import type { BatchPorts } from './batch-ports.js';

const PAGE = 200;

/** Cancels those jobs of a batch that have not ended; there are no more than its window. */
export async function stopJobs(
  { lists, records, queue }: Pick<BatchPorts, 'lists' | 'records' | 'queue'>,
  { id, owner }: Pick<BatchRecord, 'owner'> & { readonly id: BatchId },
): Promise<void> {
  for (const status of UNFINISHED_STATUSES) {
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: Awaited<ReturnType<typeof lists.list>> = await lists.list({
        owner,
        batch: id,
        status,
        limit: PAGE,
        cursor,
      });
      for (const job of page.jobs) {
        if (job.cancelRequested) continue;
        await records.requestCancel(job.id);
        await queue.dropWaiting({ job: job.id, run: job.run });
      }
      cursor = page.nextCursor;
    }
  }
}
