import type { ClipRef } from '@styleflow/contracts';
import type { ObjectStore } from '@styleflow/storage';
import { framesKeyOf, pixelsKeyOf, stripKeyOf } from './clip-keys.js';

interface CopyOptions {
  /** It is to be kept there as well, so it is also told where the face is in its frames, if that is known. */
  readonly isKept: boolean;
  /** Makes the picture at `to` anew from the pixels at `from`, where it has gone and they have not. */
  readonly redraw: (from: ClipRef, to: ClipRef) => Promise<void>;
}

/**
 * Copies a clip that was kept to the place of another run, inside the store, its pixels last as `writeClip` does. Repeating it writes the
 * same.
 * @returns whether its pixels were there.
 * @throws JobError `storage_unavailable`; what `redraw` throws.
 */
export async function copyClip(
  store: Pick<ObjectStore, 'copy'>,
  from: ClipRef,
  to: ClipRef,
  { isKept, redraw }: CopyOptions,
): Promise<boolean> {
  if (!(await store.copy(stripKeyOf(from), stripKeyOf(to)))) await redraw(from, to);
  if (isKept) await store.copy(framesKeyOf(from), framesKeyOf(to));
  return store.copy(pixelsKeyOf(from), pixelsKeyOf(to));
}
