import { type Frame, rgbOf } from '@styleflow/media';
import sharp from 'sharp';

/** Longest side of the picture, in pixels: people are told apart in it, and a report holds a few. */
const LONG_SIDE = 640;
const QUALITY = 70;

/** A frame as a whole, as a small JPEG for people: some 40 kB. A frame that is smaller stays as large as it is. */
export async function encodeWholeFrame(frame: Frame): Promise<Uint8Array> {
  const { width, height } = frame;
  return sharp(rgbOf(frame), { raw: { width, height, channels: 3 } })
    .resize(LONG_SIDE, LONG_SIDE, { fit: 'inside', withoutEnlargement: true })
    .jpeg({ quality: QUALITY })
    .toBuffer();
}
