// @module-tag ffmpeg
import { describe, expect, it } from 'vitest';
import { chooseEncoder } from '../ffmpeg/h264-encoder.js';
import { halvePictures } from './halve-pictures.js';
import { reencodePictures } from './reencode-pictures.js';

const SHAPE = { width: 256, height: 256, frames: 32 };

/** A moving, smooth picture with a little noise, as a face is to an encoder. */
function movingPicture(): Uint8Array {
  let random = 1;
  const sine = Float64Array.from({ length: 4096 }, (_, step) => 60 * Math.sin(step / 40));
  return Uint8Array.from({ length: 256 * 256 * 3 * 32 }, (_, at) => {
    random = (Math.imul(random, 1664525) + 1013904223) >>> 0;
    const pixel = Math.floor(at / 3);
    const [x, y, frame] = [pixel & 255, (pixel >> 8) & 255, pixel >> 16];
    return 128 + (sine[x + 2 * y + 4 * frame] ?? 0) + (at % 3) * 10 + (random >>> 30);
  });
}

/** Peak signal to noise, dB. */
function psnr(a: Uint8Array, b: Uint8Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += ((a[at] as number) - (b[at] as number)) ** 2;
  return 10 * Math.log10((255 * 255 * a.length) / sum);
}

const quiet = new AbortController().signal;

describe('a mild re-encoding', () => {
  it('by H.264 keeps the size, is the same each time, and changes the clip a little', { timeout: 60_000 }, async () => {
    const clip = movingPicture();
    const [first, second] = [await reencodePictures(clip, SHAPE, quiet), await reencodePictures(clip, SHAPE, quiet)];
    expect(first.length).toBe(clip.length);
    expect(Buffer.from(first).equals(second)).toBe(true);
    expect(psnr(clip, first)).toBeGreaterThan(35);
    expect(psnr(clip, first)).toBeLessThan(60);
    const half = halvePictures(clip, SHAPE);
    expect(psnr(clip, half)).toBeGreaterThan(35);
    expect(psnr(clip, half)).toBeLessThan(60);
  });

  it('ends at once when nobody wants it any more', async () => {
    const abort = new AbortController();
    const ending = reencodePictures(movingPicture(), SHAPE, abort.signal);
    abort.abort();
    await expect(ending).rejects.toMatchObject({ code: 'canceled' });
  });
});

describe('the encoder of H.264', () => {
  it('is that of x264 where ffmpeg has it, else OpenH264, else none', () => {
    const lines = (...names: string[]): string => names.map((name) => ` V....D ${name}   an encoder`).join('\n');
    expect(chooseEncoder(lines('libopenh264', 'libx264rgb', 'libx264'))).toBe('libx264');
    expect(chooseEncoder(lines('libopenh264', 'h264_nvenc'))).toBe('libopenh264');
    expect(chooseEncoder(lines('h264_nvenc', 'libvpx-vp9'))).toBeNull();
    expect(chooseEncoder('')).toBeNull();
  });
});
