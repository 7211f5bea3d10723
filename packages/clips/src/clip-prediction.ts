import { CLIP_FRAMES } from '@styleflow/contracts';
import { CLIP_BYTES, CROP_BYTES } from './clip-shape.js';

const PIXELS = CLIP_BYTES / 3;
const FRAME_PIXELS = CROP_BYTES / 3;
const FRAME_WORDS = CROP_BYTES / 4;
/** Of four bytes in a word: all but the highest bit of each, and these bits. What is carried beyond them would reach the next byte. */
const LOW_BITS = 0x7f7f7f7f;
const HIGH_BITS = ~LOW_BITS;

/**
 * Values as differences, modulo 256, one colour after the other: red, then green, then blue, each `[32, 256, 256]`. A value is
 * predicted from the same place one frame earlier, the difference from that of the pixel to its left, red and blue also from
 * green (docs/clip-format.md). To the left of a row's first pixel lies the last pixel of the row before, so the first needs no special case.
 * @param crops RGB `[32, 256, 256, 3]`.
 * @param out `CLIP_BYTES`, written in full.
 */
export function predictClip(crops: Uint8Array, out: Uint8Array): void {
  // Words lie at multiples of four.
  const values = crops.byteOffset % 4 === 0 ? crops : crops.slice();
  const words = new Int32Array(values.buffer, values.byteOffset, CLIP_BYTES / 4);
  // Frame by frame, so that a frame's differences are still in the processor's cache when they are looked at again.
  const steps = new Int32Array(FRAME_WORDS);
  const left: Left = { red: 0, green: 0, blue: 0 };
  for (let frame = 0; frame < CLIP_FRAMES; frame++) {
    stepsInTime(words, frame * FRAME_WORDS, steps);
    predictFrame(new Uint8Array(steps.buffer), out, frame * FRAME_PIXELS, left);
  }
}

/** The differences in time of the last pixel of the frame before. */
interface Left {
  red: number;
  green: number;
  blue: number;
}

/** Values of the frame that begins at a word, less those of the frame before, four at once; of the first frame, the values. */
function stepsInTime(words: Int32Array, from: number, steps: Int32Array): void {
  if (from === 0) {
    steps.set(words.subarray(0, FRAME_WORDS));
    return;
  }
  for (let i = 0, at = from, earlier = from - FRAME_WORDS; i < FRAME_WORDS; i++, at++, earlier++) {
    const value = words[at] as number;
    const before = words[earlier] as number;
    steps[i] = ((value | HIGH_BITS) - (before & LOW_BITS)) ^ ((value ^ ~before) & HIGH_BITS);
  }
}

/** One frame's differences in time as those from the left, at a pixel of each plane on. */
function predictFrame(steps: Uint8Array, out: Uint8Array, from: number, left: Left): void {
  let { red, green, blue } = left;
  const end = from + FRAME_PIXELS;
  for (let pixel = from, at = 0; pixel < end; pixel++, at += 3) {
    const r = steps[at] as number;
    const g = steps[at + 1] as number;
    const b = steps[at + 2] as number;
    const dg = g - green;
    out[pixel] = r - red - dg;
    out[pixel + PIXELS] = dg;
    out[pixel + 2 * PIXELS] = b - blue - dg;
    red = r;
    green = g;
    blue = b;
  }
  left.red = red;
  left.green = green;
  left.blue = blue;
}

/**
 * The way back.
 * @param out RGB `[32, 256, 256, 3]`, written in full.
 */
export function restoreClip(residuals: Uint8Array, out: Uint8Array<ArrayBuffer>): void {
  const [reds, greens, blues] = planesOf(residuals);
  let red = 0;
  let green = 0;
  let blue = 0;
  for (let pixel = 0, at = 0; pixel < PIXELS; pixel++, at += 3) {
    const dg = greens[pixel] as number;
    red = (red + (reds[pixel] as number) + dg) & 255;
    green = (green + dg) & 255;
    blue = (blue + (blues[pixel] as number) + dg) & 255;
    out[at] = red;
    out[at + 1] = green;
    out[at + 2] = blue;
  }
  addUpInTime(out);
}

/** Makes values of differences in time, in place, four at once. */
export function addUpInTime(values: Uint8Array<ArrayBuffer>): void {
  const words = new Int32Array(values.buffer, values.byteOffset, CLIP_BYTES / 4);
  const frame = CROP_BYTES / 4;
  for (let i = frame; i < words.length; i++) {
    const [step, before] = [words[i] as number, words[i - frame] as number];
    words[i] = ((step & LOW_BITS) + (before & LOW_BITS)) ^ ((step ^ before) & HIGH_BITS);
  }
}

function planesOf(residuals: Uint8Array): [Uint8Array, Uint8Array, Uint8Array] {
  return [
    residuals.subarray(0, PIXELS),
    residuals.subarray(PIXELS, 2 * PIXELS),
    residuals.subarray(2 * PIXELS, 3 * PIXELS),
  ];
}
