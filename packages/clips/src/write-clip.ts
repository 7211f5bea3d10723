import type { ClipRef, ClipVariant } from '@styleflow/contracts';
import type { ObjectStore } from '@styleflow/storage';
import { framesKeyOf, pixelsKeyOf, stripKeyOf } from './clip-keys.js';

/** A clip as it is stored. */
export interface StoredClip {
  /** The crops as `encodeClip` encodes them. */
  readonly pixels: Uint8Array;
  /** The clip's picture for people, a PNG. */
  readonly strip: Uint8Array;
  /** Of a clip that is kept: where the face is in each frame, as `printClipFrames` prints it. */
  readonly frames?: string | undefined;
  /** Mild re-encodings of the clip, as `encodeClip` encodes them. */
  readonly variants?: readonly { readonly variant: ClipVariant; readonly pixels: Uint8Array }[] | undefined;
}

/**
 * Stores a clip's picture, frames and re-encodings, then its pixels, so that whoever finds the pixels also finds the others. Repeating it
 * writes the same bytes to the same places.
 * @returns the bytes written.
 * @throws JobError `storage_unavailable`.
 */
export async function writeClip(
  store: Pick<ObjectStore, 'put'>,
  clip: ClipRef,
  { pixels, strip, frames, variants = [] }: StoredClip,
): Promise<number> {
  await writeStrip(store, clip, strip);
  if (frames !== undefined) await store.put(framesKeyOf(clip), frames, 'application/json');
  let bytes = pixels.length + strip.length + Buffer.byteLength(frames ?? '');
  for (const { variant, pixels: encoded } of variants) {
    await store.put(pixelsKeyOf({ ...clip, variant }), encoded, 'application/octet-stream');
    bytes += encoded.length;
  }
  await store.put(pixelsKeyOf(clip), pixels, 'application/octet-stream');
  return bytes;
}

/** Stores a clip's picture, a PNG, by itself. */
export async function writeStrip(store: Pick<ObjectStore, 'put'>, clip: ClipRef, strip: Uint8Array): Promise<void> {
  await store.put(stripKeyOf(clip), strip, 'image/png');
}
