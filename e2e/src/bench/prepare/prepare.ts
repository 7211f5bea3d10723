import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { LEAN_ENVIRONMENT, LEAN_NODE_FLAGS } from '@styleflow/runtime';
import { megabytes, type TreeMemory, watchMemory } from '../peak-memory.js';
import { figuresOf, type VideoCost } from './video-cost.js';

const ONE_VIDEO = fileURLToPath(new URL('./one-video-main.js', import.meta.url));
const LOOK_EVERY_MS = 50;

/** The job's options that a benchmark may choose. */
export interface PrepareChoice {
  readonly maxFrames: number;
  readonly sampling: string;
  /** The job's default unless said. */
  readonly detection?: string;
}

/** What preparing a video took, in a process of its own. */
export interface MeasuredPrepare {
  readonly cost: VideoCost;
  /** Of worker and ffmpeg together. */
  readonly peakMegabytes: number;
  /** Of the worker (`own`) and of ffmpeg (`descendants`), each at its highest, in bytes. */
  readonly peaks: TreeMemory;
}

/**
 * Runs the prepare stage on one video, or on each file of a folder, in a process for each. Reports frames a second,
 * each step's share, bytes, warps made and needed, and the peak of worker and ffmpeg together; for a refused file its
 * code.
 */
export async function benchPrepare(
  say: (line: string) => void,
  path: string,
  choice: PrepareChoice,
): Promise<Record<string, unknown>> {
  const isFolder = (await stat(path)).isDirectory();
  const videos = isFolder ? (await readdir(path)).sort().map((name) => join(path, name)) : [path];
  const rows: Record<string, unknown> = {};
  for (const video of videos) {
    const { cost, peakMegabytes } = await prepareOnce(video, choice);
    rows[basename(video)] = cost.outcome === 'prepared' ? figuresOf(cost, peakMegabytes) : { ...cost, peakMegabytes };
    say(`${basename(video)}: ${sentenceOf(cost, peakMegabytes)}`);
  }
  return rows;
}

/** One video, in a process of its own. */
export async function prepareOnce(video: string, choice: PrepareChoice): Promise<MeasuredPrepare> {
  const child = spawn(process.execPath, [...LEAN_NODE_FLAGS, ONE_VIDEO, video, JSON.stringify(choice)], {
    env: { ...LEAN_ENVIRONMENT, ...process.env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const watch = watchMemory(() => child.pid ?? -1, LOOK_EVERY_MS);
  try {
    const [answer, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
    if (code !== 0) throw new Error(`preparing ${video} ended with ${code}`);
    return { cost: JSON.parse(answer), peakMegabytes: megabytes(watch.peak()), peaks: watch.peaks() };
  } finally {
    watch.stop();
  }
}

function sentenceOf(cost: VideoCost, peakMegabytes: number): string {
  if (cost.outcome === 'refused') return `${cost.code}: ${cost.message}`;
  const { frames, wallSeconds, tracks, clips, video } = cost;
  const rate = (frames / wallSeconds).toFixed(1);
  const damage = video.framesDamaged > 0 ? `, ${video.framesDamaged} damaged` : '';
  return `${frames} frames${damage}, ${tracks.length} tracks, ${clips} clips, ${rate} frames/s, ${peakMegabytes} MB`;
}
