import { dropPixels, readPixels } from '@styleflow/clips';
import type { ClipRef } from '@styleflow/contracts';
import { isDamagedObject, type ObjectStore } from '@styleflow/storage';

/**
 * Fetches and unpacks a clip: its RGB bytes [32, 256, 256, 3], in memory of their own.
 * @throws JobError as `readPixels` does. Pixels that are damaged are gone then: without them and without a score the clip is cut again,
 * once the run's other entries have ended.
 */
export async function unpackClip(store: ObjectStore, clip: ClipRef): Promise<Uint8Array<ArrayBuffer>> {
  return readPixels(store, clip).catch(async (error: unknown) => {
    if (isDamagedObject(error)) await dropPixels(store, clip);
    throw error;
  });
}
