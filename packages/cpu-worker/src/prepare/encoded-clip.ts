import { encodeClip, type StoredClip } from '@styleflow/clips';
import { encodeStrip, type FaceClip } from '@styleflow/faces';

/** A clip ready to be stored, and which one it is. */
export interface EncodedClip extends StoredClip {
  readonly track: number;
  readonly index: number;
}

export async function encode({ track, index, crops }: FaceClip): Promise<EncodedClip> {
  const [pixels, strip] = await Promise.all([encodeClip(crops), encodeStrip(crops)]);
  return { track, index, pixels, strip };
}
