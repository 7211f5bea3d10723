import { partsOf, readItems, type StoredItem } from '@styleflow/batches';
import type { BatchId } from '@styleflow/contracts';
import { mapBounded } from '@styleflow/runtime';
import { claimedUploadKey, type ObjectStore, uploadKey } from '@styleflow/storage';
import type { BatchPorts } from './batch-ports.js';

const COPIES_AT_ONCE = 8;

type Claimant = { readonly id: BatchId; readonly owner: string };

/**
 * Makes the uploads that the items name the batch's own: copies, which do not expire and which no later PUT changes. May be
 * repeated from the beginning.
 */
export async function claimUploads(
  ports: Pick<BatchPorts, 'store'>,
  { id, owner }: Claimant,
  items: number,
  signal?: AbortSignal,
): Promise<void> {
  for await (const part of uploadItems(ports.store, id, items)) {
    signal?.throwIfAborted();
    await mapBounded(part, COPIES_AT_ONCE, async ({ index, source }) => {
      if (source.type !== 'upload') return;
      // One that went between the two looks fails as an item.
      await ports.store.copy(uploadKey(owner, source.uploadId), claimedUploadKey(id, index));
    });
  }
}

/** The uploads themselves, once the batch has its copies. What is not deleted here goes with the retention of uploads. */
export async function dropUploads(
  { store, logger }: Pick<BatchPorts, 'store' | 'logger'>,
  { id, owner }: Claimant,
  items: number,
): Promise<void> {
  try {
    for await (const part of uploadItems(store, id, items)) {
      const keys = part.flatMap(({ source }) => (source.type === 'upload' ? [uploadKey(owner, source.uploadId)] : []));
      if (keys.length > 0) await store.delete(keys);
    }
  } catch (error) {
    logger.warn({ err: error, batch: id }, 'left used uploads to their retention');
  }
}

async function* uploadItems(store: ObjectStore, id: BatchId, items: number): AsyncGenerator<StoredItem[], void> {
  for (let part = 0; part < partsOf(items); part += 1) yield await readItems(store, id, part);
}
