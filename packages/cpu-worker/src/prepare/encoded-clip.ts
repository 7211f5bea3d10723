import { subtle } from 'node:crypto';
import { encodeClip, type StoredClip } from '@styleflow/clips';
import { encodeStrip, type FaceClip } from '@styleflow/faces';

/** A clip ready to be stored, and which one it is. */
export interface EncodedClip extends StoredClip {
  readonly track: number;
  readonly index: number;
}

/** SHA-256 of a clip's pixels, off this thread: it costs a hundredth of what the clip's frames took. */
export async function digestPixels({ crops }: FaceClip): Promise<string> {
  return Buffer.from(await subtle.digest('SHA-256', crops)).toString('hex');
}

export async function encode({ track, index, crops }: FaceClip): Promise<EncodedClip> {
  const [pixels, strip] = await Promise.all([encodeClip(crops), encodeStrip(crops)]);
  return { track, index, pixels, strip };
}
