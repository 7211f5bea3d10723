import { CROP_SIZE } from '../geometry/similarity.js';
import { CLIP_FRAMES } from './face-clip.js';

/** Side of a small picture: 11 of its pixels lie on 32 of the crop's. */
export const THUMB_SIZE = 88;
/** Lengths in elevenths of a crop's pixel, so that all are whole numbers: a small pixel is 32 long and touches up to 4 of the crop's. */
const [LARGE, SMALL] = [11, 32] as const;
const TOUCHED = 4;
/** Weights along both sides add up to 32 · 32. */
const SHIFT = 10;

const ROW_BYTES = CROP_SIZE * 3;
const ROW_WORDS = ROW_BYTES / 4;
/** Of four bytes in a word: every other one. What is summed up of a byte stays below 2^16. */
const EVERY_OTHER = 0x00ff00ff;

/** The first of the crop's rows or columns that each small one touches, and how much of it and the next three lies within. */
const FIRST = new Int32Array(THUMB_SIZE);
const WEIGHTS = new Int32Array(THUMB_SIZE * TOUCHED);
for (let small = 0; small < THUMB_SIZE; small++) {
  const [start, end] = [small * SMALL, (small + 1) * SMALL];
  const first = Math.floor(start / LARGE);
  FIRST[small] = first;
  for (let n = 0; n < TOUCHED; n++) {
    const [from, to] = [(first + n) * LARGE, (first + n + 1) * LARGE];
    WEIGHTS[small * TOUCHED + n] = Math.max(0, Math.min(end, to) - Math.max(start, from));
  }
}

/** One small row, summed up along the columns; three more values, of weight 0, stand for what lies right of the crop. */
const line = new Int32Array(ROW_BYTES + 3);

/**
 * A clip's crops as small pictures: each pixel is the mean of what it covers.
 * @param crops RGB `[32, 256, 256, 3]`.
 * @param out RGB `[32, 88, 88, 3]`, written in full.
 */
export function shrinkCrops(crops: Uint8Array, out: Uint8Array): void {
  // Words lie at multiples of four.
  const values = crops.byteOffset % 4 === 0 ? crops : crops.slice();
  const words = new Int32Array(values.buffer, values.byteOffset, values.length / 4);
  for (let crop = 0, to = 0; crop < CLIP_FRAMES; crop++) {
    for (let row = 0; row < THUMB_SIZE; row++, to += THUMB_SIZE * 3) {
      sumRows(words, crop * CROP_SIZE, row);
      sumColumns(out, to);
    }
  }
}

/** Sums up the crop's rows that a small one covers, two bytes at once. @param top the crop's first row among all. */
function sumRows(words: Int32Array, top: number, row: number): void {
  const touched = FIRST[row] as number;
  const a = WEIGHTS[row * TOUCHED] as number;
  const b = WEIGHTS[row * TOUCHED + 1] as number;
  const c = WEIGHTS[row * TOUCHED + 2] as number;
  const d = WEIGHTS[row * TOUCHED + 3] as number;
  const first = (top + touched) * ROW_WORDS;
  // Below the crop there is nothing, and its weight is 0.
  const last = (top + Math.min(touched + 3, CROP_SIZE - 1)) * ROW_WORDS;
  const [second, third] = [first + ROW_WORDS, first + 2 * ROW_WORDS];
  for (let word = 0, to = 0; word < ROW_WORDS; word++, to += 4) {
    const p = words[first + word] as number;
    const q = words[second + word] as number;
    const r = words[third + word] as number;
    const s = words[last + word] as number;
    const even =
      Math.imul(p & EVERY_OTHER, a) +
      Math.imul(q & EVERY_OTHER, b) +
      Math.imul(r & EVERY_OTHER, c) +
      Math.imul(s & EVERY_OTHER, d);
    const odd =
      Math.imul((p >>> 8) & EVERY_OTHER, a) +
      Math.imul((q >>> 8) & EVERY_OTHER, b) +
      Math.imul((r >>> 8) & EVERY_OTHER, c) +
      Math.imul((s >>> 8) & EVERY_OTHER, d);
    line[to] = even & 0xffff;
    line[to + 1] = odd & 0xffff;
    line[to + 2] = even >>> 16;
    line[to + 3] = odd >>> 16;
  }
}

/** Sums up the columns of the summed rows, and writes a small row. */
function sumColumns(out: Uint8Array, start: number): void {
  for (let column = 0, to = start; column < THUMB_SIZE; column++) {
    const at = 3 * (FIRST[column] as number);
    const weight = column * TOUCHED;
    const a = WEIGHTS[weight] as number;
    const b = WEIGHTS[weight + 1] as number;
    const c = WEIGHTS[weight + 2] as number;
    const d = WEIGHTS[weight + 3] as number;
    for (let colour = at; colour < at + 3; colour++, to++) {
      const sum =
        a * (line[colour] as number) +
        b * (line[colour + 3] as number) +
        c * (line[colour + 6] as number) +
        d * (line[colour + 9] as number);
      out[to] = (sum + (1 << (SHIFT - 1))) >> SHIFT;
    }
  }
}
