import { CLIP_BYTES, CROP_BYTES } from './clip-shape.js';

const PIXELS = CLIP_BYTES / 3;
/** Of four bytes in a word: all but the highest bit of each, and these bits. What is carried beyond them would reach the next byte. */
const LOW_BITS = 0x7f7f7f7f;
const HIGH_BITS = ~LOW_BITS;

/**
 * Values as differences, modulo 256, one colour after the other: red, then green, then blue, each `[32, 256, 256]`. A value is
 * predicted from the same place one frame earlier, the difference from that of the pixel to its left, red and blue also from
 * green (docs/clip-format.md). To the left of a row's first pixel lies the last pixel of the row before, so the first needs no special case.
 * @param crops RGB `[32, 256, 256, 3]`.
 */
export function predictClip(crops: Uint8Array): Uint8Array<ArrayBuffer> {
  const steps = differencesInTime(crops);
  const out = new Uint8Array(CLIP_BYTES);
  const [reds, greens, blues] = planesOf(out);
  let red = 0;
  let green = 0;
  let blue = 0;
  for (let pixel = 0, at = 0; pixel < PIXELS; pixel++, at += 3) {
    const r = steps[at] as number;
    const g = steps[at + 1] as number;
    const b = steps[at + 2] as number;
    const dg = g - green;
    reds[pixel] = r - red - dg;
    greens[pixel] = dg;
    blues[pixel] = b - blue - dg;
    red = r;
    green = g;
    blue = b;
  }
  return out;
}

/** The way back. @returns RGB `[32, 256, 256, 3]`, in memory of its own. */
export function restoreClip(residuals: Uint8Array): Uint8Array<ArrayBuffer> {
  const [reds, greens, blues] = planesOf(residuals);
  const out = new Uint8Array(CLIP_BYTES);
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
  return out;
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

function differencesInTime(crops: Uint8Array): Uint8Array {
  // Words lie at multiples of four.
  const values = crops.byteOffset % 4 === 0 ? crops : crops.slice();
  const words = new Int32Array(values.buffer, values.byteOffset, CLIP_BYTES / 4);
  const frame = CROP_BYTES / 4;
  const steps = new Int32Array(words.length);
  steps.set(words.subarray(0, frame));
  for (let i = frame; i < words.length; i++) {
    const [value, before] = [words[i] as number, words[i - frame] as number];
    steps[i] = ((value | HIGH_BITS) - (before & LOW_BITS)) ^ ((value ^ ~before) & HIGH_BITS);
  }
  return new Uint8Array(steps.buffer);
}

function planesOf(residuals: Uint8Array): [Uint8Array, Uint8Array, Uint8Array] {
  return [
    residuals.subarray(0, PIXELS),
    residuals.subarray(PIXELS, 2 * PIXELS),
    residuals.subarray(2 * PIXELS, 3 * PIXELS),
  ];
}
