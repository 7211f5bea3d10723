import type { ClipRef } from '@styleflow/contracts';
import type { ObjectStore } from '@styleflow/storage';
import { pixelsKeyOf, stripKeyOf } from './clip-keys.js';

/** A clip as it is stored. */
export interface StoredClip {
  /** What `encodeClip` makes of its crops. */
  readonly pixels: Uint8Array;
  /** The picture that people see, PNG. */
  readonly strip: Uint8Array;
}

/**
 * Stores a clip's picture, then its pixels: who finds the pixels finds the picture. Written twice, it is written once.
 * @returns the bytes written.
 * @throws JobError `storage_unavailable`.
 */
export async function writeClip(
  store: Pick<ObjectStore, 'put'>,
  clip: ClipRef,
  { pixels, strip }: StoredClip,
): Promise<number> {
  await store.put(stripKeyOf(clip), strip, 'image/png');
  await store.put(pixelsKeyOf(clip), pixels, 'application/octet-stream');
  return pixels.length + strip.length;
}
