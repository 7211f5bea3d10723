// @module-tag ffmpeg

import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { type PixelPart, rgbOf } from './frame-pixels.js';
import { RgbPixels } from './rgb-pixels.js';
import { noisyPlanes } from './test-pictures.js';
import type { YuvColours } from './yuv-colours.js';
import { YuvPixels } from './yuv-pixels.js';
import { half, type YuvPlanes } from './yuv-planes.js';

const BT601: YuvColours = { matrix: 'bt601', isFullRange: false };
const SPACES = { bt601: 'smpte170m', bt709: 'bt709' } as const;
const EVERY = ([false, true] as const).flatMap((isFullRange) =>
  (['bt601', 'bt709'] as const).map((matrix): YuvColours => ({ matrix, isFullRange })),
);

/** What ffmpeg makes of it. */
function byFfmpeg({ width, height, data }: YuvPlanes, { matrix, isFullRange }: YuvColours, frames = 1): Buffer {
  const colours = `setparams=colorspace=${SPACES[matrix]}:range=${isFullRange ? 'pc' : 'tv'}`;
  const input = ['-f', 'rawvideo', '-pix_fmt', 'yuv420p', '-s', `${width}x${height}`, '-i', '-'];
  const filters = `${colours},scale=w=${width}:h=${height}:flags=bicubic,format=rgb24`;
  const args = ['-v', 'error', ...input, '-vf', filters, '-frames:v', String(frames), '-f', 'rawvideo', '-'];
  return execFileSync('ffmpeg', args, { input: data, maxBuffer: 2 ** 28 });
}

function ours({ width, height, ...rest }: YuvPlanes, colours: YuvColours): Uint8Array {
  return rgbOf({ width, height, pixels: new YuvPixels({ width, height, ...rest }, colours) });
}

/** A picture of 512 × 512 with every pair of U and V, each with the same four values of Y. */
function everyColour(brightest: number): YuvPlanes {
  const side = 512;
  const data = new Uint8Array(side * side * 1.5);
  for (let y = 0; y < side; y++) for (let x = 0; x < side; x++) data[y * side + x] = brightest - 2 * (y % 2) - (x % 2);
  const colours = half(side);
  for (let i = 0; i < colours * colours; i++) {
    data[side * side + i] = i % colours;
    data[side * side + colours * colours + i] = Math.floor(i / colours);
  }
  return { width: side, height: side, data };
}

describe.runIf(process.arch === 'x64')('RGB of YUV equals that of ffmpeg in every bit', () => {
  it.each(EVERY)('for every Y, U and V: $matrix, full range $isFullRange', (colours) => {
    const pictures = Array.from({ length: 64 }, (_, n) => everyColour(4 * n + 3));
    const [{ width, height }] = pictures as [YuvPlanes];
    const data = Buffer.concat(pictures.map((picture) => picture.data));
    const seen = byFfmpeg({ width, height, data }, colours, pictures.length);
    const bytes = 3 * width * height;
    for (const [n, picture] of pictures.entries())
      expect(seen.subarray(n * bytes, (n + 1) * bytes).equals(ours(picture, colours)), `picture ${n}`).toBe(true);
  });

  it.each([
    [2, 2],
    [16, 2],
    [18, 20],
    [33, 34],
    [101, 60],
    [1918, 34],
    [4098, 10],
  ])('for a picture of %i × %i', (width, height) => {
    const picture = noisyPlanes(width, height);
    expect(byFfmpeg(picture, BT601).equals(ours(picture, BT601))).toBe(true);
  });
});

/** A part that is chosen without order. */
function somePart(width: number, height: number, next: () => number): PixelPart {
  const [left, top] = [next() % width, next() % height];
  return { left, top, width: 1 + (next() % (width - left)), height: 1 + (next() % (height - top)) };
}

describe('a part of a picture', () => {
  const numbers = () => {
    let state = 7;
    return () => {
      state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
      return state >> 8;
    };
  };
  const read = (pixels: YuvPixels | RgbPixels, part: PixelPart): Buffer => {
    const out = new Uint8Array(3 * part.width * part.height).fill(1);
    pixels.copy(part, out);
    return Buffer.from(out);
  };
  const fresh = (bytes: number) => new Uint8Array(bytes).fill(9);

  it.each([
    [64, 36],
    [37, 23],
    [1, 1],
    [700, 400],
    [5000, 90],
    // Wider than the kernel takes.
    [140_000, 4],
  ])('has the same RGB by itself, as a part of a part, and pixel by pixel: of %i × %i', (width, height) => {
    const next = numbers();
    const yuv = new YuvPixels(noisyPlanes(width, height), BT601);
    const rgb = new RgbPixels(width, rgbOf({ width, height, pixels: slowly(width, height, yuv) }));
    for (let round = 0; round < 12; round++) {
      const part = somePart(width, height, next);
      expect(read(yuv, part).equals(read(rgb, part)), JSON.stringify(part)).toBe(true);
      const [partOfYuv, partOfRgb] = [yuv.crop(part, fresh), rgb.crop(part, fresh)];
      const inner = somePart(part.width, part.height, next);
      expect(read(partOfYuv, inner).equals(read(partOfRgb, inner)), JSON.stringify([part, inner])).toBe(true);
      const [columns, lines] = [someNumbers(part.width, next), someNumbers(part.height, next).sort()];
      for (const [one, other] of [
        [yuv, rgb],
        [partOfYuv, partOfRgb],
      ] as const) {
        const [colours, greys] = [3 * columns.length * lines.length, columns.length * lines.length];
        const [a, b, c, d] = [fresh(colours), fresh(colours), fresh(greys), fresh(greys)];
        one.cross(columns, lines, a);
        other.cross(columns, lines, b);
        one.greys(columns, lines, c);
        other.greys(columns, lines, d);
        expect(Buffer.from(a).equals(b)).toBe(true);
        expect(Buffer.from(c).equals(d)).toBe(true);
      }
    }
  });

  it('takes half of the bytes of RGB', () => {
    const crop = new YuvPixels(noisyPlanes(640, 360), BT601).crop({ left: 10, top: 10, width: 100, height: 60 }, fresh);
    expect(crop.bytes).toBe(100 * 60 * 1.5);
  });
});

function someNumbers(limit: number, next: () => number): Int32Array {
  return Int32Array.from({ length: 1 + (next() % 40) }, () => next() % limit);
}

/** The same pixels one line after the other in no ascending order, which the kernel leaves to plain code. */
function slowly(width: number, height: number, pixels: YuvPixels): YuvPixels {
  const columns = Int32Array.from({ length: width }, (_, x) => x);
  const lines = Int32Array.from({ length: height }, (_, y) => height - 1 - y);
  return Object.assign(Object.create(pixels), {
    copy: (_part: PixelPart, out: Uint8Array) => {
      const upsideDown = new Uint8Array(out.length);
      pixels.cross(columns, lines, upsideDown);
      for (let y = 0; y < height; y++)
        out.set(upsideDown.subarray(3 * width * y, 3 * width * (y + 1)), 3 * width * (height - 1 - y));
    },
  });
}
