// @module-tag ffmpeg
// @module-tag ps
import { execFile, execFileSync } from 'node:child_process';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { planWindows } from './decode/plan-windows.js';
import { emptyDecodeStats, readFrames } from './decode/read-frames.js';
import { DEFAULT_MEDIA_LIMITS, type MediaLimits } from './ffmpeg/media-limits.js';
import { listPictures } from './probe/list-pictures.js';
import { probeVideo } from './probe/probe-video.js';

const run = promisify(execFile);

/** A fresh folder for one test's files. */
export function freshFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'styleflow-media-'));
}

/** Makes a file for a test with ffmpeg. @returns the path of `name` in a fresh folder. */
export async function ffmpegMakes(name: string, ...args: string[]): Promise<string> {
  const path = join(await freshFolder(), name);
  await run('ffmpeg', ['-v', 'error', '-nostdin', '-y', ...args, `file:${path}`]);
  return path;
}

export async function fileWith(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(await freshFolder(), name);
  await writeFile(path, content);
  return path;
}

/** What a test keeps of a frame: its place in the video and its first pixel. */
export interface ReadFrame {
  readonly index: number;
  readonly seconds: number;
  readonly window: number;
  readonly first: readonly number[];
}

export async function readAll(
  path: string,
  options: {
    limits?: MediaLimits;
    maxFrames?: number;
    sampling?: 'head' | 'spread';
    threads?: number;
    signal?: AbortSignal;
  } = {},
) {
  const limits = options.limits ?? DEFAULT_MEDIA_LIMITS;
  const info = await probeVideo(path, limits, options.signal);
  const pictures = options.sampling === 'spread' ? await listPictures(path, info, options.signal) : null;
  const windows = planWindows(info, options.sampling ?? 'head', options.maxFrames ?? 0, limits.maxFrames, pictures);
  const stats = emptyDecodeStats();
  const frames: ReadFrame[] = [];
  const { signal, threads = 1 } = options;
  const reading = readFrames(path, info, { windows, limits, threads, stats, ...(signal && { signal }) });
  for await (const { index, seconds, window, pixels, width, height } of reading) {
    if (pixels.bytes < width * height * 1.5) throw new Error(`frame ${index} has ${pixels.bytes} bytes`);
    const data = new Uint8Array(3);
    pixels.copy({ left: 0, top: 0, width: 1, height: 1 }, data);
    frames.push({ index, seconds, window, first: [...data] });
  }
  return { info, frames, stats };
}

/** Process ids of the ffmpeg processes that this test process has had started, by its launcher, and that still run. */
export function runningDecoders(): number[] {
  const table = execFileSync('ps', ['-o', 'pid=,ppid=,stat=,comm=', '-A'], { encoding: 'utf8' });
  const rows = table.split('\n').map((line) => line.trim().split(/\s+/));
  const parents = new Map(rows.map(([pid, parent]) => [Number(pid), Number(parent)]));
  const isOurs = (pid: number | undefined): boolean =>
    pid !== undefined && (pid === process.pid || isOurs(parents.get(pid)));
  return rows.flatMap(([pid, parent, state, name]) =>
    name?.startsWith('ff') && !state?.startsWith('Z') && isOurs(Number(parent)) ? [Number(pid)] : [],
  );
}
