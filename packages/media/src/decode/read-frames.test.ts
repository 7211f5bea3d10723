import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { JobError } from '@styleflow/contracts';
import { makeVideo, until } from '@styleflow/testing';
import { describe, expect, it } from 'vitest';
import { DEFAULT_MEDIA_LIMITS } from '../ffmpeg/media-limits.js';
import { rgbOf } from '../pixels/frame-pixels.js';
import { probeVideo } from '../probe/probe-video.js';
import { ffmpegMakes, fileWith, readAll, runningDecoders } from '../test-media.js';
import { planWindows } from './plan-windows.js';
import { emptyDecodeStats, readFrames } from './read-frames.js';

const limits = DEFAULT_MEDIA_LIMITS;

async function open(path: string, signal?: AbortSignal) {
  const info = await probeVideo(path, limits);
  return readFrames(path, info, {
    windows: planWindows(info, 'head', 0, 10_000),
    limits,
    threads: 1,
    ...(signal && { signal }),
  });
}

interface Picture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

async function pictures(path: string): Promise<[Picture, ...Picture[]]> {
  const seen: Picture[] = [];
  for await (const frame of await open(path)) seen.push({ ...frame, data: rgbOf(frame) });
  const [first, ...more] = seen;
  if (!first) throw new Error(`${path} has no picture`);
  return [first, ...more];
}

/** A picture mirrored left to right if so, then turned clockwise. */
function turned({ width, height, data }: Picture, degrees: number, isMirrored: boolean): Picture {
  const size = degrees % 180 === 0 ? { width, height } : { width: height, height: width };
  const result = new Uint8Array(data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [p, q] = [isMirrored ? width - 1 - x : x, y];
      const places: Record<number, readonly [number, number]> = {
        0: [p, q],
        90: [height - 1 - q, p],
        180: [width - 1 - p, height - 1 - q],
        270: [q, width - 1 - p],
      };
      const [toX, toY] = places[degrees] ?? [0, 0];
      result.set(data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3), (toY * size.width + toX) * 3);
    }
  }
  return { ...size, data: result };
}

function difference(a: Picture, b: Picture): number {
  expect([a.width, a.height]).toEqual([b.width, b.height]);
  return a.data.reduce((sum, value, i) => sum + Math.abs(value - (b.data[i] as number)), 0) / a.data.length;
}

function numbers(count: number, from = 0): number[] {
  return Array.from({ length: count }, (_, i) => from + i);
}

describe('readFrames', () => {
  it('yields every frame once, in order, with its time', async () => {
    const { frames, stats } = await readAll(await makeVideo({ frames: 60 }));
    expect(frames.map(({ index }) => index)).toEqual(numbers(60));
    expect(frames.map(({ seconds }) => Number(seconds.toFixed(6)))).toEqual(numbers(60).map((i) => i / 25));
    expect(stats).toMatchObject({ frames: 60, damaged: 0 });
  });

  it('decodes the very pixels that ffmpeg shows', async () => {
    const path = await makeVideo({ frames: 8 });
    const raw = execFileSync('ffmpeg', ['-v', 'error', '-i', path, '-pix_fmt', 'rgb24', '-f', 'rawvideo', '-'], {
      maxBuffer: 2 ** 26,
    });
    const seen: Buffer[] = [];
    for await (const frame of await open(path)) seen.push(Buffer.from(rgbOf(frame)));
    expect(Buffer.concat(seen).equals(raw)).toBe(true);
  });

  it('keeps a variable frame rate: no frame doubled, none dropped, exact times', async () => {
    const source = await makeVideo({ frames: 60 });
    const select = "select='lt(n,20)+gte(n,40)+not(mod(n,3))'";
    const path = await ffmpegMakes('vfr.mp4', '-i', source, '-vf', select, '-fps_mode', 'vfr');
    const kept = numbers(60).filter((n) => n < 20 || n >= 40 || n % 3 === 0);
    const { frames } = await readAll(path);
    expect(frames.map(({ seconds }) => Math.round(seconds * 25))).toEqual(kept);
    expect(frames.map(({ index }) => index)).toEqual(numbers(kept.length));
  });

  it('times frames from the first one, wherever the time stamps begin', async () => {
    const late = await ffmpegMakes(
      'late.mkv',
      '-i',
      await makeVideo({ frames: 10 }),
      '-c',
      'copy',
      '-output_ts_offset',
      '100',
    );
    const { frames } = await readAll(late);
    expect(frames[0]?.seconds).toBe(0);
    expect(frames[9]?.seconds).toBeCloseTo(0.36, 2);
  });

  it.each([0, 90, 180, 270] as const)(
    'shows pictures as a player does: turned by %i degrees, mirrored or not',
    async (rotation) => {
      const [stored] = await pictures(await makeVideo({ frames: 2 }));
      for (const isMirrored of [false, true]) {
        const path = await makeVideo({ frames: 2, rotation, ...(isMirrored && { isMirrored }) });
        expect(await probeVideo(path, limits)).toMatchObject({ rotation, isMirrored });
        const [shown] = await pictures(path);
        expect(difference(shown, turned(stored, rotation, isMirrored))).toBeLessThan(2);
        expect(difference(shown, turned(stored, rotation, !isMirrored))).toBeGreaterThan(10);
      }
    },
  );

  it('rescales a stream that changes its size midway to the first size', async () => {
    const first = await ffmpegMakes('a.ts', '-i', await makeVideo({ frames: 20 }), '-c', 'copy');
    const half = ['-vf', 'scale=200:150', '-c:v', 'libx264', '-preset', 'ultrafast'];
    const second = await ffmpegMakes('b.ts', '-i', await makeVideo({ frames: 20 }), ...half);
    const path = await fileWith('both.ts', Buffer.concat([await readFile(first), await readFile(second)]));
    const { info, frames } = await readAll(path);
    expect([info.width, info.height]).toEqual([400, 300]);
    expect(frames).toHaveLength(40);
  });

  it('keeps the frames before the end of a truncated file', async () => {
    const fast = await ffmpegMakes(
      'front.mp4',
      '-i',
      await makeVideo({ frames: 80 }),
      '-c',
      'copy',
      '-movflags',
      'faststart',
    );
    const whole = await readFile(fast);
    const { info, frames } = await readAll(await fileWith('cut.mp4', whole.subarray(0, whole.length / 2)));
    expect(info.framesEstimated).toBe(80);
    expect(frames.length).toBeGreaterThan(20);
    expect(frames.length).toBeLessThan(60);
  });

  it('counts damage in the middle and goes on', async () => {
    const film = await readFile(await makeVideo({ frames: 80, container: 'ts' }));
    for (let at = Math.floor(film.length * 0.4); at < film.length * 0.5; at += 97) film[at] = (film[at] ?? 0) ^ 0x5a;
    const { frames, stats } = await readAll(await fileWith('damaged.ts', film));
    expect(stats.damaged).toBeGreaterThan(0);
    expect(stats.damaged).toBeLessThanOrEqual(stats.frames + 1);
    expect(frames.length).toBeGreaterThan(40);
  });

  it('gives the same frames and counts the same damage, whatever the decoder threads and their turns', async () => {
    const film = await readFile(await makeVideo({ frames: 80 }));
    const pixels = film.indexOf('mdat') + 4;
    for (let at = pixels + 8_000; at < film.length * 0.8; at += 997) film[at] = (film[at] ?? 0) ^ 0x5a;
    const path = await fileWith('flipped.mp4', film);
    const alone = await readAll(path, { threads: 1 });
    expect(alone.stats.damaged).toBeGreaterThan(20);
    for (const threads of [1, 4, 4, 2]) {
      const again = await readAll(path, { threads });
      expect(again.stats.damaged).toBe(alone.stats.damaged);
      expect(again.frames).toEqual(alone.frames);
    }
    expect((await readAll(path, { threads: 4, maxFrames: 30 })).stats.damaged).toBe(
      (await readAll(path, { threads: 1, maxFrames: 30 })).stats.damaged,
    );
  });

  it('calls a video corrupt when not one frame decodes', async () => {
    const film = await readFile(await makeVideo({ frames: 30 }));
    const pixels = film.indexOf('mdat') + 4;
    film.fill(0, pixels, film.indexOf('moov') - 4);
    await expect(readAll(await fileWith('gray.mp4', film))).rejects.toMatchObject({ code: 'media_corrupt' });
  });

  it('reads windows spread over the video, each of consecutive frames', async () => {
    const { frames } = await readAll(await makeVideo({ people: [], frames: 400 }), {
      sampling: 'spread',
      maxFrames: 128,
    });
    expect(frames.map(({ window }) => window)).toEqual([0, 1, 2, 3].flatMap((window) => new Array(32).fill(window)));
    expect(frames.map(({ index }) => index)).toEqual([0, 100, 200, 300].flatMap((start) => numbers(32, start)));
    for (const { index, seconds } of frames) expect(seconds).toBeCloseTo(index / 25, 5);
  });

  it('stops after maxFrames', async () => {
    const { frames } = await readAll(await makeVideo({ frames: 60 }), { maxFrames: 7 });
    expect(frames).toHaveLength(7);
  });

  it('ends ffmpeg when the loop is left', async () => {
    for await (const frame of await open(await makeVideo({ frames: 600 }))) {
      expect(runningDecoders()).toHaveLength(1);
      if (frame.index === 2) break;
    }
    expect(runningDecoders()).toEqual([]);
  });

  it('ends ffmpeg on abort and says why', async () => {
    const abort = new AbortController();
    const reason = new JobError('canceled', 'The job was canceled.');
    const reading = (async () => {
      for await (const frame of await open(await makeVideo({ frames: 600 }), abort.signal)) {
        if (frame.index === 2) abort.abort(reason);
      }
    })();
    await expect(reading).rejects.toBe(reason);
    expect(runningDecoders()).toEqual([]);
  });

  it('does not pass half a video for a whole one when ffmpeg is ended from outside', async () => {
    const reading = (async () => {
      for await (const frame of await open(await makeVideo({ frames: 600 }))) {
        if (frame.index === 2) for (const pid of runningDecoders()) process.kill(pid, 'SIGKILL');
      }
    })();
    await expect(reading).rejects.toMatchObject({ code: 'internal', retryable: true });
  });

  it('gives up when decoding takes longer than allowed', async () => {
    const path = await makeVideo({ frames: 60 });
    await expect(readAll(path, { limits: { ...limits, maxDecodeSeconds: 1e-6 } })).rejects.toMatchObject({
      code: 'decode_timeout',
    });
    await until('ffmpeg has ended', () => runningDecoders().length === 0);
  });

  it('does not count the time in which the consumer is busy', async () => {
    const path = await makeVideo({ frames: 20 });
    const info = await probeVideo(path, limits);
    const stats = emptyDecodeStats();
    const windows = planWindows(info, 'head', 0, 100);
    let busyMs = 0;
    const startedAt = performance.now();
    for await (const frame of readFrames(path, info, { windows, limits, threads: 1, stats })) {
      const busyFrom = performance.now();
      while (frame.index === 3 && performance.now() < busyFrom + 500);
      busyMs += performance.now() - busyFrom;
    }
    const elapsedMs = performance.now() - startedAt;
    expect(stats.frames).toBe(20);
    expect(stats.decodeSeconds).toBeGreaterThan(0);
    // The limit counts decoding without the consumer's time. Whatever the machine's pace, the two together fit into
    // what passed.
    expect(stats.decodeSeconds * 1000).toBeLessThanOrEqual(elapsedMs - busyMs);
  });
});
