import { type BatchId, isBatchId, JobError } from '@styleflow/contracts';
import type { BatchRecord, BatchRecords } from '@styleflow/queue';
import type { Caller } from '../auth/api-keys.js';

/**
 * The batch, if the caller may see it. Another owner's is answered like one that never existed.
 * @throws JobError `not_found`; `gone` while it is being deleted
 */
export async function loadBatch(
  batches: Pick<BatchRecords, 'read'>,
  text: string | undefined,
  caller: Caller,
): Promise<BatchRecord> {
  const id = parseBatchId(text);
  const batch = await batches.read(id);
  if (batch === null || !(caller.isAdmin || batch.owner === caller.owner)) throw notFound(id);
  if (batch.isDeleting) throw new JobError('gone', `The batch ${id} has been deleted.`);
  return batch;
}

/** @throws JobError `not_found` for a text that cannot be an id */
export function parseBatchId(text: string | undefined): BatchId {
  if (text === undefined || !isBatchId(text)) throw notFound(text ?? '');
  return text;
}

function notFound(id: string): JobError {
  return new JobError('not_found', `There is no batch ${id.slice(0, 100)}.`);
}
