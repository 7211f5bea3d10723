import { bringBackBatch } from '@styleflow/batches';
import { JobError } from '@styleflow/contracts';
import type { BatchPorts } from './batch-ports.js';

/**
 * Brings back the batches that a Redis which forgot does not know any more, unless this one has been searched for within the last
 * hour. What failed through an outage is begun anew with the next look.
 */
export async function findLostBatches(ports: BatchPorts, signal: AbortSignal): Promise<void> {
  const { lostBatches, logger } = ports;
  if (await lostBatches.isSearched()) return;
  for await (const id of lostBatches.keptIds()) {
    if (signal.aborted) return;
    try {
      const status = await bringBackBatch(ports, id, signal);
      if (status !== null)
        logger.warn({ batch: id, status }, 'Redis had forgotten this batch: brought back from the store');
    } catch (error) {
      if (signal.aborted || (error instanceof JobError && error.fault === 'surroundings')) throw error;
      // One that cannot be read must not keep the others from coming back; `styleflow doctor` lists it.
      logger.error({ batch: id, err: error }, 'a batch that Redis had forgotten cannot be brought back');
    }
  }
  await lostBatches.noteSearched();
}

/** Puts batches that have changed, their ends above all, into the archive. */
export async function keepBatches(
  { lostBatches }: Pick<BatchPorts, 'lostBatches'>,
  mayKeep: (id: string) => boolean,
): Promise<void> {
  for (const id of await lostBatches.unkept()) if (mayKeep(id)) await lostBatches.keep(id);
}
