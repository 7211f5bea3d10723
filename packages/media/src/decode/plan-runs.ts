import type { MediaInfo } from '../probe/media-info.js';
import type { DecodeRun } from './decode-frames.js';
import type { SamplingWindow } from './plan-windows.js';

/** Windows whose frames are counted in one run of ffmpeg: each is a term of one expression, and it takes a hundred. */
const COUNTED_TOGETHER = 32;
/**
 * Where a seek ended behind the wanted frame, it is tried again so much earlier, in seconds: key frames may be that far
 * apart, and not every container knows where they are.
 */
export const SEEK_LEADS = [0, 10, 60] as const;

/** Windows that one run of ffmpeg reads, with their numbers. */
export interface WindowGroup {
  readonly windows: readonly (readonly [number: number, window: SamplingWindow])[];
}

/** Groups windows: each that can be reached by seeking stands alone, others are counted together. */
export function groupWindows(windows: readonly SamplingWindow[]): WindowGroup[] {
  const groups: [number, SamplingWindow][][] = [];
  for (const [number, window] of windows.entries()) {
    const group = groups.at(-1);
    const isCounted = window.seek === null && window.firstFrame > 0;
    const first = group?.[0]?.[1];
    if (isCounted && group && first?.seek === null && group.length < COUNTED_TOGETHER) group.push([number, window]);
    else groups.push([[number, window]]);
  }
  return groups.map((each) => ({ windows: each }));
}

/** Reads a window after a seek, which begins `leadSeconds` before it. */
export function seekingRun({ seek, frames }: SamplingWindow, info: MediaInfo, leadSeconds: number): DecodeRun | null {
  if (seek === null) return null;
  const seekSeconds = Math.max(0, seek.from - (info.fileStartSeconds ?? 0) - leadSeconds);
  return { seekSeconds, select: `gte(t,${seek.from.toFixed(7)})`, frames };
}

/** Reads windows by decoding all that lies before them. */
export function countingRun(windows: readonly SamplingWindow[]): DecodeRun {
  const frames = windows.reduce((total, window) => total + window.frames, 0);
  const isHead = windows.length === 1 && windows[0]?.firstFrame === 0;
  const terms = windows.map(({ firstFrame, frames }) => `between(n,${firstFrame},${firstFrame + frames - 1})`);
  return { seekSeconds: null, select: isHead ? null : terms.join('+'), frames };
}
