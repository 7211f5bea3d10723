import type { ClipRef } from '@styleflow/contracts';
import type { ObjectStore } from '@styleflow/storage';
import { pixelsKeyOf, stripKeyOf } from './clip-keys.js';

/** A clip as it is stored. */
export interface StoredClip {
  /** The crops as `encodeClip` encodes them. */
  readonly pixels: Uint8Array;
  /** The clip's picture for people, a PNG. */
  readonly strip: Uint8Array;
}

/**
 * Stores a clip's picture, then its pixels, so that whoever finds the pixels also finds the picture. Repeating it
 * writes the same bytes to the same places.
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
