import { encodeClip, encodeStrip, type FaceClip } from '@styleflow/faces';

/** A clip as it is stored: pixels without loss, and the picture for people. */
export interface EncodedClip {
  readonly track: number;
  readonly index: number;
  readonly pixels: Uint8Array;
  readonly strip: Uint8Array;
}

export async function encode({ track, index, crops }: FaceClip): Promise<EncodedClip> {
  const [pixels, strip] = await Promise.all([encodeClip(crops), encodeStrip(crops)]);
  return { track, index, pixels, strip };
}
