// @module-tag ffmpeg
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeVideo } from '@styleflow/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_MEDIA_LIMITS } from '../ffmpeg/media-limits.js';
import { probeVideo } from '../probe/probe-video.js';
import { makePreview } from './make-preview.js';
import { previewSize } from './preview-size.js';

const never = new AbortController().signal;
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'preview '));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function previewOf(video: string, { frames = 1000, signal = never } = {}) {
  const info = await probeVideo(video, DEFAULT_MEDIA_LIMITS, never);
  const toFile = join(folder, `${Math.random()}.webm`);
  const made = await makePreview(video, info, { frames, toFile, limits: DEFAULT_MEDIA_LIMITS, threads: 1, signal });
  return { made, toFile };
}

function look(file: string): { codec: string; width: number; height: number; seconds: number; times: number[] } {
  const shown = ['-show_entries', 'stream=codec_name,width,height:format=duration:packet=pts_time', '-of', 'json'];
  const told = JSON.parse(execFileSync('ffprobe', ['-v', 'error', ...shown, file], { encoding: 'utf8' })) as {
    streams: { codec_name: string; width: number; height: number }[];
    format: { duration?: string };
    packets: { pts_time: string }[];
  };
  const [stream] = told.streams;
  return {
    codec: stream?.codec_name ?? '',
    width: stream?.width ?? 0,
    height: stream?.height ?? 0,
    seconds: Number(told.format.duration),
    times: told.packets.map(({ pts_time }) => Number(pts_time)),
  };
}

describe('a preview', () => {
  it('is a small VP9 video with its length, whose frames stand at their own times, counted from the first', async () => {
    const video = join(folder, 'late.mp4');
    // Begins at 5 s and has gaps: frames 0, 1, 2, 4, 5, 7 … of a rate of 10 a second.
    const filter = "select='mod(n,4)-3',setpts=PTS+5/TB";
    const input = ['-f', 'lavfi', '-i', 'testsrc2=size=1280x720:rate=10:duration=2', '-vf', filter];
    execFileSync('ffmpeg', ['-v', 'error', ...input, '-fps_mode', 'passthrough', '-copyts', '-y', video]);
    const { made, toFile } = await previewOf(video);
    const { times, ...seen } = look(toFile);
    expect(seen).toMatchObject({ codec: 'vp9', width: 640, height: 360 });
    expect(made).toMatchObject({ width: 640, height: 360 });
    expect(times.map((time) => Math.round(time * 10))).toEqual([0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 16, 17, 18]);
    expect(seen.seconds).toBeGreaterThan(1.7);
    expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  it('is upright, and shows no more frames than were asked for', async () => {
    const turned = await makeVideo({ frames: 40, rotation: 90, size: { width: 640, height: 360 } });
    const { toFile } = await previewOf(turned, { frames: 7 });
    const { width, height, times } = look(toFile);
    expect({ isUpright: height > width, frames: times.length }).toEqual({ isUpright: true, frames: 7 });
  });

  it('is the same bytes each time, since a stage may run twice', async () => {
    const video = await makeVideo({ frames: 24 });
    const digest = async () =>
      createHash('sha256')
        .update(readFileSync((await previewOf(video)).toFile))
        .digest('hex');
    expect(await digest()).toBe(await digest());
  });

  it('ends when nobody wants it any more, and leaves no part behind', async () => {
    const video = await makeVideo({ frames: 24 });
    const abort = new AbortController();
    const making = previewOf(video, { signal: abort.signal });
    abort.abort();
    await expect(making).rejects.toMatchObject({ code: 'canceled' });
    expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  it.each([
    [
      { width: 3840, height: 2160 },
      { width: 640, height: 360 },
    ],
    [
      { width: 1080, height: 1920 },
      { width: 360, height: 640 },
    ],
    [
      { width: 321, height: 241 },
      { width: 322, height: 242 },
    ],
    [
      { width: 1, height: 1 },
      { width: 2, height: 2 },
    ],
  ])('of %o is %o', (shown, small) => {
    expect(previewSize(shown)).toEqual(small);
  });
});
