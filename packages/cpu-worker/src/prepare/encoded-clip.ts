import { createHash } from 'node:crypto';
import { encodeClip, printClipFrames, type StoredClip } from '@styleflow/clips';
import { encodeStrip, type FaceClip } from '@styleflow/faces';

/** A clip ready to be stored, and which one it is. */
export interface EncodedClip extends StoredClip {
  readonly track: number;
  readonly index: number;
}

/** SHA-256 of a clip's pixels: on this thread, since on another one Node would digest a copy of them, which costs more. */
export function digestPixels({ crops }: FaceClip): string {
  return createHash('sha256').update(crops).digest('hex');
}

/** @param isKept its pixels stay, so it is also kept where the face is in them. */
export async function encode(clip: FaceClip, isKept: boolean): Promise<EncodedClip> {
  const { track, index, crops } = clip;
  const [pixels, strip] = await Promise.all([encodeClip(crops), encodeStrip(crops)]);
  return { track, index, pixels, strip, ...(isKept && { frames: printFrames(clip) }) };
}

function printFrames({ covered }: FaceClip): string {
  return printClipFrames({
    v: 1,
    frames: covered.map(({ frame }) => frame),
    seconds: covered.map(({ seconds }) => seconds),
    boxes: covered.map(({ box: [x1, y1, x2, y2] }) => [hundredth(x1), hundredth(y1), hundredth(x2), hundredth(y2)]),
    points: covered.map(({ points: [a, b, c, d, e] }) => [near(a), near(b), near(c), near(d), near(e)]),
    measured: covered.map(({ isMeasured }) => isMeasured),
  });
}

const near = ([x, y]: readonly [number, number]): [number, number] => [hundredth(x), hundredth(y)];

/** Of a pixel: detectors know no better. */
function hundredth(value: number): number {
  return Math.round(value * 100) / 100;
}
