import sharp from 'sharp';
import { CROP_SIZE } from '../geometry/similarity.js';
import { CLIP_FRAMES } from './face-clip.js';
import { paletteOf, writeIndexedPng } from './indexed-png.js';

/** Side of one picture of the strip, in pixels; 32 of them lie side by side. */
const THUMB_SIZE = 88;
const COLOURS = 64;
/** The colours are chosen by every other pixel of every other row: choosing takes most of the time. */
const CHOOSE_BY = 2;
/** The nearest colour is looked up by so many bits of each value. */
const BITS = 6;

/**
 * A small PNG for people: the clip's 32 crops side by side, 2816 × 88, in a palette of 64 colours (size and time:
 * decisions/0003). The crops are shrunk as they lie in memory, one below the other, and put side by side afterwards,
 * which is quicker.
 */
export async function encodeStrip(crops: Uint8Array): Promise<Uint8Array> {
  const column = await sharp(crops, { raw: { width: CROP_SIZE, height: CROP_SIZE * CLIP_FRAMES, channels: 3 } })
    .resize(THUMB_SIZE, THUMB_SIZE * CLIP_FRAMES, { fit: 'fill', kernel: 'cubic' })
    .raw()
    .toBuffer();
  const palette = await choosePalette(column);
  return writeIndexedPng(THUMB_SIZE * CLIP_FRAMES, THUMB_SIZE, palette, sideBySide(column, palette));
}

/** @returns RGB of at most `COLOURS` colours. */
async function choosePalette(column: Uint8Array): Promise<Uint8Array> {
  const side = THUMB_SIZE / CHOOSE_BY;
  const some = new Uint8Array(side * side * CLIP_FRAMES * 3);
  for (let y = 0, to = 0; y < side * CLIP_FRAMES; y++)
    for (let x = 0; x < side; x++, to += 3) {
      const from = CHOOSE_BY * (y * THUMB_SIZE + x) * 3;
      for (let colour = 0; colour < 3; colour++) some[to + colour] = column[from + colour] as number;
    }
  const png = await sharp(some, { raw: { width: side, height: side * CLIP_FRAMES, channels: 3 } })
    .png({ palette: true, colours: COLOURS, effort: 1, compressionLevel: 0, dither: 0 })
    .toBuffer();
  return paletteOf(png);
}

/** Takes square pictures that lie one below the other, lays them from left to right, and gives each pixel its colour's number. */
function sideBySide(column: Uint8Array, palette: Uint8Array): Uint8Array {
  const out = new Uint8Array(CLIP_FRAMES * THUMB_SIZE * THUMB_SIZE);
  /** Number of the nearest colour, and one; 0 while it is not known. */
  const known = new Uint16Array(1 << (3 * BITS));
  const drop = 8 - BITS;
  for (let picture = 0, from = 0; picture < CLIP_FRAMES; picture++)
    for (let y = 0; y < THUMB_SIZE; y++) {
      let to = (y * CLIP_FRAMES + picture) * THUMB_SIZE;
      for (let x = 0; x < THUMB_SIZE; x++, from += 3, to++) {
        const [r, g, b] = [column[from] as number, column[from + 1] as number, column[from + 2] as number];
        const cell = ((r >> drop) << (2 * BITS)) | ((g >> drop) << BITS) | (b >> drop);
        if (known[cell] === 0) known[cell] = nearest(palette, r, g, b) + 1;
        out[to] = (known[cell] as number) - 1;
      }
    }
  return out;
}

function nearest(palette: Uint8Array, r: number, g: number, b: number): number {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; 3 * i < palette.length; i++) {
    const [dr, dg, db] = [r - Number(palette[3 * i]), g - Number(palette[3 * i + 1]), b - Number(palette[3 * i + 2])];
    const distance = dr * dr + dg * dg + db * db;
    if (distance >= least) continue;
    least = distance;
    best = i;
  }
  return best;
}
