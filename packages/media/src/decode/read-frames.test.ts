import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { JobError } from '@styleflow/contracts';
import { makeVideo, until } from '@styleflow/testing';
import { describe, expect, it } from 'vitest';
import { DEFAULT_MEDIA_LIMITS } from '../ffmpeg/media-limits.js';
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
    for await (const { data } of await open(path)) seen.push(Buffer.from(data));
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

  it('turns pictures upright', async () => {
    const upright = await readAll(await makeVideo({ frames: 5 }));
    for (const rotation of [90, 180, 270] as const) {
      const { info, frames } = await readAll(await makeVideo({ frames: 5, rotation }));
      expect(info.rotation).toBe(rotation);
      expect(frames).toHaveLength(5);
    }
    const path = await makeVideo({ frames: 5, rotation: 90 });
    for await (const frame of await open(path)) {
      // Turned clockwise, the stored picture's upper left corner is the shown one's upper right.
      const corner = [...frame.data.subarray((frame.width - 1) * 3, frame.width * 3)];
      expect(corner).toEqual(upright.frames[0]?.first);
      break;
    }
  });

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

  it('counts the same damage, give or take a picture in ten, whatever the decoder threads and their turns', async () => {
    const film = await readFile(await makeVideo({ frames: 80 }));
    const pixels = film.indexOf('mdat') + 4;
    for (let at = pixels + 8_000; at < film.length * 0.8; at += 997) film[at] = (film[at] ?? 0) ^ 0x5a;
    const path = await fileWith('flipped.mp4', film);
    const alone = (await readAll(path, { threads: 1 })).stats.damaged;
    expect(alone).toBeGreaterThan(20);
    expect((await readAll(path, { threads: 1 })).stats.damaged).toBe(alone);
    for (const threads of [4, 4, 4, 2]) {
      const { damaged } = (await readAll(path, { threads })).stats;
      // On a busy machine a run with several threads may count a picture or two less: README "Damaged pictures".
      expect(Math.abs(damaged - alone)).toBeLessThanOrEqual(alone / 10);
    }
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
