import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { DEFAULT_MEDIA_LIMITS } from '../ffmpeg/media-limits.js';
import { rgbOf } from '../pixels/frame-pixels.js';
import { RgbPixels } from '../pixels/rgb-pixels.js';
import { YuvPixels } from '../pixels/yuv-pixels.js';
import type { MediaInfo } from '../probe/media-info.js';
import { probeVideo } from '../probe/probe-video.js';
import { ffmpegMakes, fileWith } from '../test-media.js';
import { likelyForm } from './frame-form.js';
import { planWindows } from './plan-windows.js';
import { emptyDecodeStats, readFrames } from './read-frames.js';

const SIZE = '160x120';
const pattern = (...args: string[]) => ['-f', 'lavfi', '-i', `testsrc2=size=${SIZE}:rate=25:duration=0.4`, ...args];
const H264 = ['-c:v', 'libx264', '-preset', 'ultrafast'];

/** A file whose stream goes on as another one, and again as the first. */
async function changing(first: readonly string[], second: readonly string[]): Promise<string> {
  const parts = [first, second, first].map(async (args, n) =>
    readFile(await ffmpegMakes(`${n}.ts`, ...pattern(...args, ...H264))),
  );
  return fileWith('changing.ts', Buffer.concat(await Promise.all(parts)));
}

/** Kind and RGB of each frame. */
async function frames(path: string, threads = 1, told: Partial<MediaInfo> = {}) {
  const info = { ...(await probeVideo(path, DEFAULT_MEDIA_LIMITS)), ...told };
  const stats = emptyDecodeStats();
  const windows = planWindows(info, 'head', 0, 1000);
  const seen: { kind: string; rgb: Buffer }[] = [];
  for await (const frame of readFrames(path, info, { windows, limits: DEFAULT_MEDIA_LIMITS, threads, stats }))
    seen.push({ kind: frame.pixels instanceof YuvPixels ? 'yuv' : 'rgb', rgb: Buffer.from(rgbOf(frame)) });
  return { seen, stats, info };
}

/** What ffmpeg makes of each frame by itself: RGB of the first one's size. */
function byFfmpeg(path: string, filters: string): Buffer {
  const args = ['-v', 'fatal', '-i', path, '-fps_mode', 'passthrough', '-vf', filters, '-f', 'rawvideo', '-'];
  return execFileSync('ffmpeg', args, { maxBuffer: 2 ** 28 });
}

const RGB = 'scale=w=160:h=120:eval=frame:flags=bicubic,format=rgb24';

describe('how pixels come from ffmpeg', () => {
  it.each([
    ['of BT.601', []],
    ['of BT.709', ['-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709']],
    ['of full range', ['-vf', 'scale=out_range=pc', '-color_range', 'pc', '-pix_fmt', 'yuvj420p']],
  ])('is YUV 4:2:0 where it was decoded as that, with the RGB that ffmpeg makes of it: %s', async (_, args) => {
    const path = await ffmpegMakes('plain.mp4', ...pattern('-pix_fmt', 'yuv420p', ...args, ...H264));
    const { seen } = await frames(path);
    expect(new Set(seen.map(({ kind }) => kind))).toEqual(new Set(['yuv']));
    expect(Buffer.concat(seen.map(({ rgb }) => rgb)).equals(byFfmpeg(path, RGB))).toBe(true);
  });

  it.each([
    ['more colours', ['-pix_fmt', 'yuv444p']],
    ['10 bits', ['-pix_fmt', 'yuv420p10le']],
    ['pixels that are not square', ['-vf', 'setsar=3/2']],
    ['colours by another matrix', ['-pix_fmt', 'yuv420p', '-colorspace', 'bt2020nc']],
  ])('is RGB by ffmpeg for a video with %s', async (_, args) => {
    const path = await ffmpegMakes('other.mkv', ...pattern(...args, ...H264));
    const { seen, info } = await frames(path);
    expect(new Set(seen.map(({ kind }) => kind))).toEqual(new Set(['rgb']));
    const rgb = `scale=w=${info.width}:h=${info.height}:eval=frame:flags=bicubic,format=rgb24`;
    expect(Buffer.concat(seen.map((frame) => frame.rgb)).equals(byFfmpeg(path, rgb))).toBe(true);
  });

  it.each([
    [101, 76],
    [100, 75],
    [101, 75],
    [100, 76],
  ])('has all pixels of a picture with an odd side, upright or turned: %i × %i', async (width, height) => {
    const sized = ['-vf', `crop=${width}:${height}:exact=1`, '-pix_fmt', 'yuv420p'];
    const path = await ffmpegMakes('odd.mkv', ...pattern(...sized, '-c:v', 'ffv1'));
    const isEven = width % 2 === 0 && height % 2 === 0;
    for (const [rotation, turn] of [
      [0, ''],
      [90, 'transpose=clock,'],
      [180, 'hflip,vflip,'],
      [270, 'transpose=cclock,'],
    ] as const) {
      const [w, h] = rotation % 180 === 0 ? [width, height] : [height, width];
      const { seen } = await frames(path, 1, { rotation, width: w, height: h });
      expect(new Set(seen.map(({ kind }) => kind))).toEqual(new Set([isEven ? 'yuv' : 'rgb']));
      const rgb = byFfmpeg(path, `${turn}scale=w=${w}:h=${h}:flags=bicubic,format=rgb24`);
      expect(Buffer.concat(seen.map((frame) => frame.rgb)).equals(rgb), `turned by ${rotation}`).toBe(true);
    }
  });

  it('is tried as RGB when ffmpeg gives nothing else', async () => {
    // The headers say that nothing has to be changed; ffmpeg cannot pad to an odd width in YUV.
    const path = await ffmpegMakes('even.mkv', ...pattern('-pix_fmt', 'yuv420p', '-c:v', 'ffv1'));
    const { seen } = await frames(path, 1, { width: 161, storedWidth: 161 });
    expect(new Set(seen.map(({ kind }) => kind))).toEqual(new Set(['rgb']));
    expect(seen).toHaveLength(10);
  });

  it.each([1, 2])(
    'becomes RGB at the first picture of another kind, and no picture is lost, doubled or other: %i threads',
    async (threads) => {
      const path = await changing(['-pix_fmt', 'yuv420p'], ['-pix_fmt', 'yuv444p']);
      const { seen, stats } = await frames(path, threads);
      expect(seen.map(({ kind }) => kind).join(' ')).toBe(`${'yuv '.repeat(10)}${'rgb '.repeat(20)}`.trim());
      expect(Buffer.concat(seen.map(({ rgb }) => rgb)).equals(byFfmpeg(path, RGB))).toBe(true);
      expect(stats).toMatchObject({ frames: 30, damaged: 0 });
    },
  );

  it('tells damage once, however often reading begins anew, and the same with several threads', async () => {
    const plain = await readFile(await ffmpegMakes('plain.ts', ...pattern('-pix_fmt', 'yuv420p', ...H264)));
    const other = await readFile(await ffmpegMakes('other.ts', ...pattern('-pix_fmt', 'yuv444p', ...H264)));
    // Within the packet of a transport stream, in an early picture.
    const place = Math.floor(plain.length / 5 / 188) * 188 + 60;
    const damaged = Buffer.from(plain).fill(0x55, place, place + 30);
    const alone = await frames(await fileWith('alone.ts', damaged));
    expect(alone.stats.damaged).toBeGreaterThan(0);
    const path = await fileWith('changing.ts', Buffer.concat([damaged, other, plain]));
    for (const threads of [1, 4]) {
      const { seen, stats } = await frames(path, threads);
      expect(seen.slice(9, 11).map(({ kind }) => kind)).toEqual(['yuv', 'rgb']);
      expect(stats).toMatchObject({ frames: 30, damaged: alone.stats.damaged });
      for (const [n, { rgb }] of alone.seen.entries()) expect(seen[n]?.rgb.equals(rgb)).toBe(true);
    }
  });

  it('becomes RGB where pixels are not square any more, and where the size is another one', async () => {
    for (const change of ['setsar=2', 'scale=80:120']) {
      const { seen } = await frames(await changing(['-vf', 'setsar=1'], ['-vf', change]));
      expect(seen.map(({ kind }) => kind).slice(9, 11)).toEqual(['yuv', 'rgb']);
      expect(seen).toHaveLength(30);
    }
  });

  it('is chosen by the headers, for a turned picture by its sides the other way round', async () => {
    const info = await probeVideo(await ffmpegMakes('plain.mp4', ...pattern(...H264)), DEFAULT_MEDIA_LIMITS);
    const plain = { ...info, pixelFormat: 'yuv420p' };
    const turned = { rotation: 90 as const, width: 120, height: 160 };
    expect(likelyForm(plain)).toBe('yuv420p');
    expect(likelyForm({ ...plain, ...turned })).toBe('yuv420p');
    expect(likelyForm({ ...plain, ...turned, rotation: 180 })).toBe('rgb24');
    expect(likelyForm({ ...plain, pixelFormat: null })).toBe('rgb24');
  });

  it('keeps RGB as whole rows', () => {
    const pixels = new RgbPixels(
      2,
      Uint8Array.from({ length: 12 }, (_, i) => i),
    );
    const out = new Uint8Array(6);
    pixels.copy({ left: 1, top: 0, width: 1, height: 2 }, out);
    expect([...out]).toEqual([3, 4, 5, 9, 10, 11]);
  });
});
