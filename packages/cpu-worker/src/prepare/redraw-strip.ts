import { readPixels, writeStrip } from '@styleflow/clips';
import { type ClipRef, JobError } from '@styleflow/contracts';
import { encodeStrip } from '@styleflow/faces';
import type { ObjectStore } from '@styleflow/storage';

/**
 * Makes a clip's picture for people anew, from the pixels that another run kept. Pixels that are gone or damaged draw nothing: whoever
 * copies or scores them meets that, and has the clip cut again.
 * @throws JobError `storage_unavailable`.
 */
export async function redrawStrip(store: Pick<ObjectStore, 'get' | 'put'>, from: ClipRef, to: ClipRef): Promise<void> {
  const crops = await readPixels(store, from).catch((error: unknown) => {
    if (error instanceof JobError && error.code === 'inference_failed') return null;
    throw error;
  });
  if (crops !== null) await writeStrip(store, to, await encodeStrip(crops));
}
