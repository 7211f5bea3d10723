import sharp from 'sharp';
import { CROP_SIZE } from '../geometry/similarity.js';
import { CLIP_FRAMES } from './face-clip.js';

/** Side of one picture of the strip, in pixels; 32 of them lie side by side. */
const THUMB_SIZE = 88;
const COLOURS = 64;

/**
 * A small PNG for people: the clip's 32 crops side by side, 2816 × 88, in a palette of 64 colours (size and time:
 * decisions/0003). The crops are shrunk as they lie in memory, one below the other, and put side by side afterwards,
 * which is quicker. Nearly all of the time goes into choosing the palette, so the quick choice is taken (`effort: 1`).
 */
export async function encodeStrip(crops: Uint8Array): Promise<Uint8Array> {
  const column = await sharp(crops, { raw: { width: CROP_SIZE, height: CROP_SIZE * CLIP_FRAMES, channels: 3 } })
    .resize(THUMB_SIZE, THUMB_SIZE * CLIP_FRAMES, { fit: 'fill', kernel: 'cubic' })
    .raw()
    .toBuffer();
  const row = sideBySide(column);
  return sharp(row, { raw: { width: THUMB_SIZE * CLIP_FRAMES, height: THUMB_SIZE, channels: 3 } })
    .png({ palette: true, colours: COLOURS, effort: 1, compressionLevel: 6, dither: 0 })
    .toBuffer();
}

/** Takes square pictures that lie one below the other, and lays them from left to right. */
function sideBySide(column: Uint8Array): Uint8Array {
  const bytes = THUMB_SIZE * 3;
  const row = new Uint8Array(column.length);
  for (let picture = 0; picture < CLIP_FRAMES; picture++)
    for (let y = 0; y < THUMB_SIZE; y++) {
      const from = (picture * THUMB_SIZE + y) * bytes;
      row.set(column.subarray(from, from + bytes), (y * CLIP_FRAMES + picture) * bytes);
    }
  return row;
}
