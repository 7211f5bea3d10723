import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { planWindows } from './decode/plan-windows.js';
import { readFrames } from './decode/read-frames.js';
import { DEFAULT_MEDIA_LIMITS } from './ffmpeg/media-limits.js';
import { rgbOf } from './pixels/frame-pixels.js';
import { probeVideo } from './probe/probe-video.js';
import { ffmpegMakes, fileWith, readAll } from './test-media.js';

const limits = DEFAULT_MEDIA_LIMITS;
const FAST = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'];
const pattern = (size: string, seconds: number) => [
  '-f',
  'lavfi',
  '-i',
  `testsrc2=size=${size}:rate=25:duration=${seconds}`,
];
const white = (size: string) => ['-f', 'lavfi', '-i', `color=white:size=${size}:rate=25:duration=0.4`];

async function joined(...paths: string[]): Promise<string> {
  return fileWith('joined.ts', Buffer.concat(await Promise.all(paths.map((path) => readFile(path)))));
}

/** For each frame, how many pixels of its middle row and of its middle column are bright. */
async function brightSpans(path: string): Promise<string[]> {
  const info = await probeVideo(path, limits);
  const spans: string[] = [];
  for await (const frame of readFrames(path, info, {
    windows: planWindows(info, 'head', 0, 100),
    limits,
    threads: 1,
  })) {
    const { width, height } = frame;
    const data = rgbOf(frame);
    const isBright = (x: number, y: number) => (data[(y * width + x) * 3] as number) > 128;
    const across = Array.from({ length: width }, (_, x) => isBright(x, height >> 1)).filter(Boolean).length;
    const down = Array.from({ length: height }, (_, y) => isBright(width >> 1, y)).filter(Boolean).length;
    spans.push(`${across}x${down} of ${width}x${height}`);
  }
  return spans;
}

describe('a stream that changes its shape midway', () => {
  it('keeps the proportions of pictures that are turned or cut anew, by fitting them inside', async () => {
    const wide = await ffmpegMakes('wide.ts', ...white('400x300'), ...FAST);
    const high = await ffmpegMakes('high.ts', ...white('300x400'), ...FAST);
    const flat = await ffmpegMakes('flat.ts', ...white('400x100'), ...FAST);
    const spans = await brightSpans(await joined(wide, high, flat, wide));
    expect([...new Set(spans)]).toEqual(['400x300 of 400x300', '225x300 of 400x300', '400x100 of 400x300']);
    expect(spans).toHaveLength(40);
    expect(spans.at(-1)).toBe('400x300 of 400x300');
  });

  it('gives each picture the shape of its own pixels', async () => {
    const broad = await ffmpegMakes('broad.ts', ...white('200x300'), '-vf', 'setsar=2', ...FAST);
    const square = await ffmpegMakes('square.ts', ...white('200x300'), '-vf', 'setsar=1', ...FAST);
    const spans = await brightSpans(await joined(broad, square, broad));
    expect(spans.map((span) => span.split('x')[0])).toEqual(
      [400, 200, 400].flatMap((width) => new Array(10).fill(String(width))),
    );
  });
});

describe('a first picture that comes late', () => {
  it('is found behind a beginning that was cut away, up to a whole group of pictures', async () => {
    const long = ['-g', '375', '-keyint_min', '375', '-sc_threshold', '0'];
    const whole = await readFile(await ffmpegMakes('long.ts', ...pattern('160x120', 20), ...FAST, ...long));
    const start = Math.ceil((whole.length * 0.05) / 188) * 188;
    const { info, frames } = await readAll(await fileWith('cut.ts', whole.subarray(start)));
    expect(info).toMatchObject({ width: 160, height: 120 });
    expect(frames).toHaveLength(125);
    expect(frames[0]).toMatchObject({ index: 0, seconds: 0 });
  });

  it.each(['mpg', 'ts'])('is found where the sound of a .%s begins long before', async (container) => {
    const sound = ['-f', 'lavfi', '-i', 'sine=frequency=440:duration=30'];
    const codecs = container === 'mpg' ? ['-c:v', 'mpeg2video', '-c:a', 'mp2'] : [...FAST, '-c:a', 'aac'];
    const late = [
      '-itsoffset',
      '25',
      ...pattern('160x120', 2),
      '-map',
      '0:a',
      '-map',
      '1:v',
      ...codecs,
      '-fps_mode',
      'passthrough',
    ];
    const { info, frames } = await readAll(await ffmpegMakes(`late.${container}`, ...sound, ...late));
    expect(info).toMatchObject({ width: 160, height: 120, hasAudio: true });
    expect(frames).toHaveLength(50);
  });

  it('does not make a file with sound alone a damaged one', async () => {
    const sound = await ffmpegMakes('sound.ts', '-f', 'lavfi', '-i', 'sine=frequency=440:duration=3', '-c:a', 'aac');
    await expect(probeVideo(sound, limits)).rejects.toMatchObject({ code: 'media_no_video' });
  });
});

describe('the stream that is read', () => {
  const still = () =>
    ffmpegMakes('still.mkv', ...pattern('320x240', 1), '-frames:v', '1', '-c:v', 'mjpeg', '-pix_fmt', 'yuvj420p');
  const moving = (size: string) => ffmpegMakes('moving.mkv', ...pattern(size, 1), ...FAST);
  const together = (paths: string[], ...options: string[]) =>
    ffmpegMakes(
      'both.mkv',
      ...paths.flatMap((path) => ['-i', path]),
      ...paths.flatMap((_, i) => ['-map', `${i}:v`]),
      ...['-c', 'copy', ...options],
    );

  it('is the moving one, wherever it stands and whatever is marked as default', async () => {
    const both = [await still(), await moving('160x120')];
    for (const marks of [
      ['0', 'default'],
      ['default', '0'],
      ['0', '0'],
    ] as const) {
      const path = await together(both, '-disposition:v:0', marks[0], '-disposition:v:1', marks[1]);
      expect(await probeVideo(path, limits)).toMatchObject({ streamIndex: 1, width: 160, otherVideoStreams: 1 });
      expect((await readAll(path)).frames).toHaveLength(25);
    }
  });

  it('is the one marked as default among moving ones, else the first', async () => {
    const two = [await moving('160x120'), await moving('200x150')];
    const marked = await together(two, '-disposition:v:0', '0', '-disposition:v:1', 'default');
    expect(await probeVideo(marked, limits)).toMatchObject({ width: 200, otherVideoStreams: 1 });
    const unmarked = await together(two, '-disposition:v:0', '0', '-disposition:v:1', '0');
    expect(await probeVideo(unmarked, limits)).toMatchObject({ width: 160 });
  });

  it('is of a known codec, whatever is marked as default', async () => {
    const path = await together(
      [await moving('160x120'), await moving('200x150')],
      '-disposition:v:0',
      'default',
      '-disposition:v:1',
      '0',
    );
    const film = await readFile(path);
    const codec = film.indexOf('V_MPEG4/ISO/AVC');
    film.write('V_NEW/2030/XYZ', codec); // One byte shorter than it was: the rest is its last letter.
    expect(await probeVideo(await fileWith('new.mkv', film), limits)).toMatchObject({ streamIndex: 1, width: 200 });
  });

  it('is the only one, still or not', async () => {
    const { info, frames } = await readAll(await still());
    expect(info).toMatchObject({ codec: 'mjpeg', otherVideoStreams: 0 });
    expect(frames).toHaveLength(1);
  });
});

describe('windows spread over a video', () => {
  const windowsOf = (frames: readonly { window: number; index: number }[]) =>
    [0, 1, 2].map((number) => frames.filter(({ window }) => window === number).map(({ index }) => index));
  const consecutive = (first: number) => Array.from({ length: 32 }, (_, i) => first + i);

  it('are full and truly numbered where the frame rate varies', async () => {
    // 400 pictures at 25 a second, of whose middle every fifth is kept: 0 to 99, then 40 of 200, then 100 more.
    const select = "select='lt(n,100)+gte(n,300)+not(mod(n,5))'";
    const path = await ffmpegMakes('vfr.mp4', ...pattern('160x120', 16), '-vf', select, '-fps_mode', 'vfr', ...FAST);
    const all = (await readAll(path)).frames;
    expect(all).toHaveLength(240);
    const { frames } = await readAll(path, { sampling: 'spread', maxFrames: 110 });
    const kept = (n: number) => (n < 100 ? n : n < 300 ? 100 + Math.ceil((n - 100) / 5) : n - 160);
    // The third part begins with frame 134, which the second window holds.
    expect(kept(134)).toBe(107);
    expect(kept(267)).toBe(134);
    expect(windowsOf(frames)).toEqual([0, 107, 139].map(consecutive));
    for (const frame of frames) expect(frame).toEqual({ ...all[frame.index], window: frame.window });
  });

  it('are the same behind a late start and with key frames far apart', async () => {
    const sound = ['-f', 'lavfi', '-i', 'sine=frequency=440:duration=30'];
    const late = [
      '-itsoffset',
      '10',
      ...pattern('160x120', 16),
      '-map',
      '0:a',
      '-map',
      '1:v',
      ...FAST,
      '-g',
      '250',
      '-fps_mode',
      'passthrough',
    ];
    for (const name of ['late.mp4', 'late.ts', 'late.mkv']) {
      const path = await ffmpegMakes(name, ...sound, ...late);
      const all = (await readAll(path)).frames;
      const { frames } = await readAll(path, { sampling: 'spread', maxFrames: 110 });
      expect([name, windowsOf(frames)]).toEqual([name, [0, 134, 267].map(consecutive)]);
      for (const frame of frames) expect(frame.first).toEqual(all[frame.index]?.first);
    }
  });
});
