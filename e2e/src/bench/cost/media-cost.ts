import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import {
  DEFAULT_MEDIA_LIMITS,
  type Frame,
  keepFrame,
  type MediaInfo,
  planWindows,
  probeVideo,
  readFrames,
} from '@styleflow/media';
import { cpuCostOf, ownMsEach } from './cpu-cost.js';

/** Frames are held in memory, so that looking at them is measured without the decoder beside it. */
const HELD_BYTES_MAX = 512e6;
/** Copies of a measurement: one is too short for the clock. */
const COPIES = 64;

/** The first frames of a video, and what is known of it. */
export interface HeldVideo {
  readonly path: string;
  readonly info: MediaInfo;
  readonly frames: readonly Frame[];
}

/** CPU milliseconds of a frame. */
export interface MediaCost {
  /** ffmpeg as it is run for us: its cage, the filters and writing pixels into the pipe are in it. */
  readonly decode: number;
  /** This process: reading the pipe, putting frames together, their time stamps. */
  readonly read: number;
  /** ffmpeg that decodes the same frames and throws them away. */
  readonly plainDecode: number;
  /** This process: as many bytes read from a pipe and thrown away. */
  readonly plainRead: number;
}

/** @throws JobError of a file that cannot be read. */
export async function holdFrames(path: string, maxFrames: number): Promise<HeldVideo> {
  const info = await probeVideo(path, DEFAULT_MEDIA_LIMITS);
  const fitting = Math.max(1, Math.floor(HELD_BYTES_MAX / (info.width * info.height * 3)));
  const frames: Frame[] = [];
  for await (const frame of read(path, info, Math.min(maxFrames, fitting))) frames.push(keepFrame(frame));
  return { path, info, frames };
}

export async function measureMedia({ path, info, frames }: HeldVideo): Promise<MediaCost> {
  const count = frames.length;
  const ours = await cpuCostOf(async () => {
    for await (const _frame of read(path, info, count));
  });
  const file = `file:${resolve(path)}`;
  const toNowhere = ['-map', `0:${info.streamIndex}`, '-frames:v', String(count), '-f', 'null', '-'];
  const plain = await cpuCostOf(() =>
    drain('ffmpeg', ['-v', 'error', '-nostdin', '-threads', '1', '-i', file, ...toNowhere]),
  );
  const bytes = frames.reduce((sum, { pixels }) => sum + pixels.bytes, 0);
  const pipe = await cpuCostOf(() => drain('head', ['-c', String(bytes), '/dev/zero']));
  return {
    decode: ours.childrenMs / count,
    read: ours.ownMs / count,
    plainDecode: plain.childrenMs / count,
    plainRead: pipe.ownMs / count,
  };
}

/** CPU milliseconds of copying so many bytes within memory. */
export function measureCopy(bytes: number): Promise<number> {
  const [from, to] = [new Uint8Array(bytes).fill(1), new Uint8Array(bytes).fill(2)];
  return ownMsEach(COPIES, () => to.set(from));
}

function read(path: string, info: MediaInfo, maxFrames: number): AsyncGenerator<Frame, void> {
  const limits = DEFAULT_MEDIA_LIMITS;
  const windows = planWindows(info, 'head', maxFrames, limits.maxFrames);
  return readFrames(path, info, { windows, limits, threads: 1 });
}

/** Reads what a program writes and throws it away. */
async function drain(program: string, args: readonly string[]): Promise<void> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  child.stdout.resume();
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${program} ended with ${code}`);
}
