import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { planWindows } from './decode/plan-windows.js';
import { DEFAULT_MEDIA_LIMITS } from './ffmpeg/media-limits.js';
import { listPictures } from './probe/list-pictures.js';
import { probeVideo } from './probe/probe-video.js';
import { ffmpegMakes, fileWith, readAll } from './test-media.js';

const limits = DEFAULT_MEDIA_LIMITS;
const PATTERN = ['-f', 'lavfi', '-i', 'testsrc2=size=160x120:rate=25:duration=12'];
const SOUND = ['-f', 'lavfi', '-i', 'sine=frequency=440:duration=12'];
const consecutive = (first: number) => Array.from({ length: 32 }, (_, i) => first + i);

/** Windows of a video, each frame compared with the same one of the whole video, read from the beginning. */
async function expectTrueWindows(path: string, total: number): Promise<void> {
  const all = (await readAll(path)).frames;
  expect(all).toHaveLength(total);
  const { frames, stats } = await readAll(path, { sampling: 'spread', maxFrames: 96 });
  const starts = [0, 1, 2].map((window) => Math.round((window * total) / 3));
  expect(frames.map(({ index }) => index)).toEqual(starts.flatMap(consecutive));
  for (const { index, seconds, window, first } of frames) {
    expect([index, first]).toEqual([index, all[index]?.first]);
    expect(seconds).toBeCloseTo(all[index]?.seconds as number, 5);
    expect(window).toBe(Math.floor(index / (total / 3)));
  }
  expect(stats.damaged).toBe(0);
}

async function entersAllWindows(path: string): Promise<boolean> {
  const info = await probeVideo(path, limits);
  const windows = planWindows(info, 'spread', 96, 100_000, await listPictures(path, info));
  return windows.slice(1).every(({ entryPoints }) => entryPoints.length > 0);
}

describe('windows spread over a program stream', () => {
  it.each([
    ['MPEG-2 with open groups', 'mpg', ['-c:v', 'mpeg2video', '-g', '50', '-bf', '2']],
    ['MPEG-2 in packs of a disc', 'vob', ['-c:v', 'mpeg2video', '-g', '15', '-bf', '2']],
    ['MPEG-1', 'mpg', ['-c:v', 'mpeg1video', '-g', '15', '-bf', '2']],
    ['H.264 with open groups', 'vob', ['-c:v', 'libx264', '-g', '40', '-bf', '2', '-x264-params', 'open-gop=1']],
  ])('are full, truly numbered, and reached without decoding all before: %s', async (_, ending, codec) => {
    const path = await ffmpegMakes(`film.${ending}`, ...PATTERN, ...codec, '-pix_fmt', 'yuv420p');
    expect(await entersAllWindows(path)).toBe(true);
    await expectTrueWindows(path, 300);
  });

  it('are of the same stream where sound comes first in the middle, and behind a header', async () => {
    const codec = ['-c:v', 'mpeg2video', '-g', '30', '-bf', '2', '-c:a', 'mp2'];
    const film = await readFile(
      await ffmpegMakes('film.mpg', ...SOUND, ...PATTERN, '-map', '0', '-map', '1', ...codec),
    );
    const header = Buffer.concat([Buffer.from('IMKH\x01\x02\0\x04', 'latin1'), Buffer.alloc(32, 0x80)]);
    for (const path of [await fileWith('a.mpg', film), await fileWith('b.mpg', Buffer.concat([header, film]))]) {
      expect(await entersAllWindows(path)).toBe(true);
      await expectTrueWindows(path, 300);
    }
  });

  it('are true where only some pictures tell how they are turned', async () => {
    const mark = ['-bsf:v', 'h264_metadata=display_orientation=insert:rotate=90'];
    const h264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', '20', ...mark];
    const path = await ffmpegMakes('turned.mpg', ...PATTERN, ...h264);
    expect(await probeVideo(path, limits)).toMatchObject({ rotation: 270 });
    await expectTrueWindows(path, 300);
    const counted = await ffmpegMakes('counted.mpg', ...PATTERN, ...h264, '-g', '120');
    await expectTrueWindows(counted, 300);
  });

  it('are read from the beginning where no entry point leads to them', async () => {
    const path = await ffmpegMakes('film.mpg', ...PATTERN, '-c:v', 'mpeg2video', '-g', '300', '-bf', '2');
    await expectTrueWindows(path, 300);
  });
});
