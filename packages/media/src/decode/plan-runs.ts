import type { EntryPoint } from '../probe/entry-points.js';
import { mayTellOrientation } from '../probe/find-orientation.js';
import type { MediaInfo } from '../probe/media-info.js';
import type { DecodeRun } from './decode-arguments.js';
import type { SamplingWindow, SeekPoint } from './plan-windows.js';

/** Windows whose frames are counted in one run of ffmpeg: each is a term of one expression, and it takes a hundred. */
const COUNTED_TOGETHER = 32;
/**
 * Where a seek ended behind the wanted frame, it is tried again so much earlier, in seconds: key frames may be that far
 * apart, and not every container knows where they are.
 */
const SEEK_LEADS = [0, 10, 60] as const;

/** Windows that one run of ffmpeg reads, with their numbers. */
export interface WindowGroup {
  readonly windows: readonly (readonly [number: number, window: SamplingWindow])[];
}

/** Groups windows: each that can be reached by seeking stands alone, others are counted together. */
export function groupWindows(windows: readonly SamplingWindow[]): WindowGroup[] {
  const groups: [number, SamplingWindow][][] = [];
  for (const [number, window] of windows.entries()) {
    const group = groups.at(-1);
    const first = group?.[0]?.[1];
    const isAfter = window.firstFrame > 0 && first !== undefined && !hasShortcut(window) && !hasShortcut(first);
    if (isAfter && group && group.length < COUNTED_TOGETHER) group.push([number, window]);
    else groups.push([[number, window]]);
  }
  return groups.map((each) => ({ windows: each }));
}

function hasShortcut({ seek, entryPoints }: SamplingWindow): boolean {
  return seek !== null || entryPoints.length > 0;
}

/** A way to a window without decoding all that lies before. It may lead elsewhere, so its first frame is looked at. */
export interface Shortcut {
  readonly run: DecodeRun;
  /** Time stamp of its first frame, and how far that of another one is at least. */
  readonly timeStamp: number;
  readonly tolerance: number;
  /** Frames in front of the window; the first of all is looked at. */
  readonly framesBefore: number;
}

/** The shortcuts to a window, the shortest first: by seeking, or from an entry point on. */
export function shortcutsTo(window: SamplingWindow, info: MediaInfo): Shortcut[] {
  const { seek, frames, firstFrame } = window;
  const bySeeking = SEEK_LEADS.flatMap((lead) => (seek === null ? [] : [seekingShortcut(seek, frames, info, lead)]));
  const byEntering = window.entryPoints.map((entry) => enteringShortcut(entry, firstFrame, frames));
  return [...bySeeking, ...byEntering];
}

function seekingShortcut(seek: SeekPoint, frames: number, info: MediaInfo, leadSeconds: number): Shortcut {
  const seekSeconds = Math.max(0, seek.from - (info.fileStartSeconds ?? 0) - leadSeconds);
  return {
    run: { seekSeconds, fromByte: null, select: `gte(t,${seek.from.toFixed(7)})`, frames },
    timeStamp: seek.timeStamp,
    tolerance: seek.timeStamp - seek.from,
    framesBefore: 0,
  };
}

/** Frames are counted from the key frame on: pictures before it may be missing. */
function enteringShortcut(entry: EntryPoint, firstFrame: number, frames: number): Shortcut {
  const framesBefore = firstFrame - entry.frame;
  return {
    run: { seekSeconds: null, fromByte: entry.byte, select: null, frames: framesBefore + frames },
    timeStamp: entry.timeStamp,
    tolerance: 1e-3,
    framesBefore,
  };
}

/** Reads windows by decoding all that lies before them. */
export function countingRun(windows: readonly SamplingWindow[], info: MediaInfo): DecodeRun {
  const [first, last] = [windows[0], windows.at(-1)];
  const run = { seekSeconds: null, fromByte: null };
  if (!first || !last) return { ...run, select: null, frames: 0 };
  // Where some pictures tell their orientation and others do not, ffmpeg forgets at each change what it has counted.
  if (mayTellOrientation(info.codec)) return { ...run, select: null, frames: last.firstFrame + last.frames };
  const frames = windows.reduce((total, window) => total + window.frames, 0);
  const isHead = windows.length === 1 && first.firstFrame === 0;
  const terms = windows.map(({ firstFrame, frames }) => `between(n,${firstFrame},${firstFrame + frames - 1})`);
  return { ...run, select: isHead ? null : terms.join('+'), frames };
}

/** Whether a frame of a counting run lies in a window. @param n its number among those that the run gives. */
export function isCounted(windows: readonly SamplingWindow[], { select }: DecodeRun, n: number): boolean {
  return select !== null || windows.some(({ firstFrame, frames }) => n >= firstFrame && n < firstFrame + frames);
}
