import { choosePalette } from './choose-palette.js';
import { CLIP_FRAMES } from './face-clip.js';
import { writeIndexedPng } from './indexed-png.js';
import { shrinkCrops, THUMB_SIZE } from './shrink-crops.js';

const COLOURS = 64;
/** The colours are chosen by every other pixel of every other row. */
const CHOOSE_BY = 2;
/** The nearest colour is looked up by so many bits of each value. */
const BITS = 6;

/** The small pictures one below the other, those pixels that choose the colours, and the colours that are known: for every clip anew. */
const column = new Uint8Array(CLIP_FRAMES * THUMB_SIZE * THUMB_SIZE * 3);
const some = new Uint8Array(column.length / CHOOSE_BY ** 2);
const known = new Uint16Array(1 << (3 * BITS));

/**
 * A small PNG for people: the clip's 32 crops side by side, 2816 × 88, in a palette of 64 colours (size and time:
 * decisions/0003). No picture library: its steps, each of them quick, cost more in memory that they ask for and give back.
 */
export async function encodeStrip(crops: Uint8Array): Promise<Uint8Array> {
  shrinkCrops(crops, column);
  takeSome();
  const palette = choosePalette(some, COLOURS);
  return writeIndexedPng(THUMB_SIZE * CLIP_FRAMES, THUMB_SIZE, palette, sideBySide(palette));
}

function takeSome(): void {
  const side = THUMB_SIZE / CHOOSE_BY;
  for (let y = 0, to = 0; y < side * CLIP_FRAMES; y++)
    for (let x = 0; x < side; x++, to += 3) {
      const from = CHOOSE_BY * (y * THUMB_SIZE + x) * 3;
      some[to] = column[from] as number;
      some[to + 1] = column[from + 1] as number;
      some[to + 2] = column[from + 2] as number;
    }
}

/** Lays the small pictures from left to right, and gives each pixel its colour's number. */
function sideBySide(palette: Uint8Array): Uint8Array {
  const out = new Uint8Array(CLIP_FRAMES * THUMB_SIZE * THUMB_SIZE);
  // Number of the nearest colour, and one; 0 while it is not known.
  known.fill(0);
  const drop = 8 - BITS;
  for (let picture = 0, from = 0; picture < CLIP_FRAMES; picture++)
    for (let y = 0; y < THUMB_SIZE; y++) {
      let to = (y * CLIP_FRAMES + picture) * THUMB_SIZE;
      for (let x = 0; x < THUMB_SIZE; x++, from += 3, to++) {
        const r = column[from] as number;
        const g = column[from + 1] as number;
        const b = column[from + 2] as number;
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
    const dr = r - (palette[3 * i] as number);
    const dg = g - (palette[3 * i + 1] as number);
    const db = b - (palette[3 * i + 2] as number);
    const distance = dr * dr + dg * dg + db * db;
    if (distance >= least) continue;
    least = distance;
    best = i;
  }
  return best;
}
