import { findEarlier, inheritedMetadata, refusalOf, type StoredItem } from '@styleflow/batches';
import { type ErrorCode, isJobId, type JobOptions } from '@styleflow/contracts';
import type { NewJob } from '@styleflow/queue';
import type { BatchPorts } from './batch-ports.js';

/** What of an item's job follows from its source. */
export interface SettledItem {
  readonly job: Pick<NewJob, 'source' | 'secrets' | 'isSourceSealed' | 'rescoreOf' | 'metadata'>;
  /** Of a job that is scored again; absent: those of the batch and the item. */
  readonly options?: JobOptions;
  /** Why there is no video; null where there is one, or where that shows later. */
  readonly lack: { readonly code: ErrorCode; readonly message: string } | null;
}

/**
 * The source of an item as its job keeps it. An earlier job is looked up when its turn has come: one that was deleted meanwhile, or whose
 * video has gone, gives a job that fails at once and costs nothing.
 * @param optionsOver what the item wants, over the options of the earlier job.
 * @throws JobError of Redis and the store while they are away
 */
export async function settleItem(
  ports: Pick<BatchPorts, 'records' | 'store' | 'sourceRules'>,
  owner: string,
  item: StoredItem,
  optionsOver: (earlier: JobOptions) => JobOptions,
): Promise<SettledItem> {
  const { source, secrets } = item;
  const metadata = { id: item.id, ...item.labels, ...item.metadata };
  if (source.type !== 'job') return { job: { source, ...(secrets && { secrets }), metadata }, lack: null };
  try {
    const { record, rescoreOf, options } = await findEarlier(ports, owner, source.job, optionsOver);
    const { source: whence, isSourceSealed } = record;
    const known = inheritedMetadata(record.metadata, metadata);
    return { job: { source: whence, isSourceSealed, rescoreOf, metadata: known }, options, lack: null };
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === null) throw error;
    const { job } = source;
    return {
      // Where its video lay nobody can tell any more.
      job: {
        source: { type: 'upload', uploadId: job.replace(/^job_/, 'upl_') },
        ...(isJobId(job) && refusal.code !== 'not_found' && { rescoreOf: [job] }),
        metadata,
      },
      lack: { code: 'source_unreachable', message: refusal.message },
    };
  }
}
