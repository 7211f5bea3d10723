import type { ClipRef } from '@styleflow/contracts';
import type { ObjectStore } from '@styleflow/storage';
import { framesKeyOf, pixelsKeyOf, stripKeyOf } from './clip-keys.js';

/**
 * Copies a clip that was kept to the place of another run, inside the store, its pixels last as `writeClip` does. Repeating it writes the
 * same.
 * @param isKept it is to be kept there as well, so it is also told where the face is in its frames, if that is known.
 * @returns whether its pixels were there.
 * @throws JobError `storage_unavailable`.
 */
export async function copyClip(
  store: Pick<ObjectStore, 'copy'>,
  from: ClipRef,
  to: ClipRef,
  isKept: boolean,
): Promise<boolean> {
  if (!(await store.copy(stripKeyOf(from), stripKeyOf(to)))) return false;
  if (isKept) await store.copy(framesKeyOf(from), framesKeyOf(to));
  return store.copy(pixelsKeyOf(from), pixelsKeyOf(to));
}
