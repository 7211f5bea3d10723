import { type BatchId, isBatchId, JobError } from '@styleflow/contracts';
import type { BatchRecord } from '@styleflow/queue';
import { isDamagedObject } from '@styleflow/storage';
import type { Caller } from '../auth/api-keys.js';
import type { ApiPorts } from '../ports/api-ports.js';

type BatchPorts = Pick<ApiPorts, 'batches' | 'lostBatches'>;

/**
 * The batch, if the caller may see it. Another owner's is answered like one that never existed.
 * @throws JobError `not_found`; `gone` while it is being deleted; `queue_unavailable` while Redis, which had forgotten it, is told again
 */
export async function loadBatch(ports: BatchPorts, text: string | undefined, caller: Caller): Promise<BatchRecord> {
  const id = parseBatchId(text);
  const batch = (await ports.batches.read(id)) ?? (await findLost(ports, id, caller));
  if (batch === null || !(caller.isAdmin || batch.owner === caller.owner)) throw notFound(id);
  if (batch.isDeleting) throw new JobError('gone', `The batch ${id} has been deleted.`);
  return batch;
}

/** Null where it does not come back for this caller. A large one takes the worker seconds, which no call waits for. */
async function findLost({ lostBatches }: BatchPorts, id: BatchId, caller: Caller): Promise<null> {
  const kept = await lostBatches.kept(id).catch((error: unknown) => {
    if (!isDamagedObject(error)) throw error;
    throw new JobError(
      'not_found',
      `The record of batch ${id} was lost, though the store still holds objects of it; \`styleflow doctor\` lists them.`,
      { cause: error },
    );
  });
  if (kept === null || kept.isDeleting || !(caller.isAdmin || kept.owner === caller.owner)) return null;
  await lostBatches.askForSearch();
  throw new JobError(
    'queue_unavailable',
    `Redis had forgotten the batch ${id}; a CPU worker is bringing it back from the store. Try again.`,
  );
}

/** @throws JobError `not_found` for a text that cannot be an id */
export function parseBatchId(text: string | undefined): BatchId {
  if (text === undefined || !isBatchId(text)) throw notFound(text ?? '');
  return text;
}

function notFound(id: string): JobError {
  return new JobError('not_found', `There is no batch ${id.slice(0, 100)}.`);
}
