import sharp from 'sharp';
import { CROP_BYTES } from './align-clip.js';
import { CLIP_FRAMES } from './face-clip.js';
import { CROP_SIZE } from './similarity.js';

/** Height of the strip in pixels; its width is 32 times that. */
const THUMB_SIZE = 88;
const COLOURS = 64;

/** A small PNG for people: the clip's 32 crops side by side, 2816 × 88, in a palette of 64 colours; 60 to 150 KB. */
export async function encodeStrip(crops: Uint8Array): Promise<Uint8Array> {
  const rowBytes = CROP_SIZE * 3;
  const stripRowBytes = rowBytes * CLIP_FRAMES;
  const strip = new Uint8Array(crops.length);
  for (let frame = 0; frame < CLIP_FRAMES; frame++) {
    for (let row = 0; row < CROP_SIZE; row++) {
      const from = frame * CROP_BYTES + row * rowBytes;
      strip.set(crops.subarray(from, from + rowBytes), row * stripRowBytes + frame * rowBytes);
    }
  }
  return sharp(strip, { raw: { width: CROP_SIZE * CLIP_FRAMES, height: CROP_SIZE, channels: 3 } })
    .resize(THUMB_SIZE * CLIP_FRAMES, THUMB_SIZE, { kernel: 'cubic' })
    .png({ palette: true, colours: COLOURS, effort: 2, compressionLevel: 9, dither: 0 })
    .toBuffer();
}
