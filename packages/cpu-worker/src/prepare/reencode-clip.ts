import { decodeClip, encodeClip } from '@styleflow/clips';
import { CLIP_FRAMES, CLIP_SIZE, type ClipVariant } from '@styleflow/contracts';
import { ffmpegVersion, halvePictures, reencodePictures } from '@styleflow/media';
import type { EncodedClip } from './encoded-clip.js';

/** Raise it with every change of the re-encodings that alters pixels. */
const REENCODING_REVISION = 1;

/**
 * What decides the pixels of these re-encodings beside the clip, for `bindRun`: nothing without any. H.264 is another with another ffmpeg.
 */
export async function reencodingRules(variants: readonly ClipVariant[]): Promise<string> {
  return variants.length === 0 ? '' : ` reencoding ${REENCODING_REVISION} ${await ffmpegVersion()}`;
}

/**
 * The mild re-encodings of a clip, from its pixels as they are stored, so that a clip that waited on the shelf has them, too. They are
 * made in memory, one clip at a time: some 20 MB.
 * @throws JobError `internal` where ffmpeg cannot do it; the signal's reason.
 */
export async function reencode(
  { pixels }: Pick<EncodedClip, 'pixels'>,
  variants: readonly ClipVariant[],
  signal: AbortSignal,
): Promise<{ variant: ClipVariant; pixels: Uint8Array }[]> {
  const crops = await decodeClip(pixels);
  const shape = { width: CLIP_SIZE, height: CLIP_SIZE, frames: CLIP_FRAMES };
  const encoded: { variant: ClipVariant; pixels: Uint8Array }[] = [];
  for (const variant of variants) {
    const changed = variant === 'h264' ? await reencodePictures(crops, shape, signal) : halvePictures(crops, shape);
    encoded.push({ variant, pixels: await encodeClip(changed) });
  }
  return encoded;
}
