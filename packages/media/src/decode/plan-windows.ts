import type { EntryPoint } from '../probe/entry-points.js';
import type { PictureList } from '../probe/list-pictures.js';
import type { MediaInfo } from '../probe/media-info.js';

/** Frames in a clip, hence in a window. */
const WINDOW_FRAMES = 32;
/** Time stamps are compared with this tolerance: they are rounded to so much. */
const MICROSECOND = 1e-6;
/** If one entry point does not lead to a window, those before may. */
const ENTRY_POINTS = 3;

/** A stretch of consecutive frames to read. */
export interface SamplingWindow {
  /** Number of its first frame among all frames of the video. */
  readonly firstFrame: number;
  readonly frames: number;
  /** How to get there by seeking; null where that is not possible, and at the beginning. */
  readonly seek: SeekPoint | null;
  /** Where else reading may begin before it, the nearest first. */
  readonly entryPoints: readonly EntryPoint[];
}

/** In the container's own time stamps, in seconds. */
export interface SeekPoint {
  /** Time stamp of the wanted frame. */
  readonly timeStamp: number;
  /** Half-way between the frame before and the wanted one. */
  readonly from: number;
}

export type Sampling = 'head' | 'spread';

/**
 * Which stretches of a video to read for at most `maxFrames` frames (0: all of them).
 * - `head`: the first frames.
 * - `spread`: floor(maxFrames / 32) windows of 32 frames. The duration is divided into as many equal parts, and a
 *   window lies at the beginning of each, as far as it is full there and overlaps no other. Where windows would touch, or
 *   the pictures are unknown, it is the same as `head`.
 * @param pictures of the video; `spread` alone needs them.
 */
export function planWindows(
  info: Pick<MediaInfo, 'framesEstimated'>,
  sampling: Sampling,
  maxFrames: number,
  frameLimit: number,
  pictures: PictureList | null = null,
): SamplingWindow[] {
  const frames = maxFrames === 0 ? frameLimit : Math.min(maxFrames, frameLimit);
  const count = Math.floor(frames / WINDOW_FRAMES);
  const total = pictures?.count ?? info.framesEstimated ?? 0;
  if (sampling === 'head' || maxFrames === 0 || count < 2 || total <= count * WINDOW_FRAMES)
    return [{ firstFrame: 0, frames, seek: null, entryPoints: [] }];
  const times = pictures?.times ?? null;
  const windows: SamplingWindow[] = [];
  for (let i = 0; i < count; i++) {
    const wanted = times === null ? Math.round((i * total) / count) : firstFrom(times, i / count);
    const earliest = i * WINDOW_FRAMES === 0 ? 0 : (windows[i - 1] as SamplingWindow).firstFrame + WINDOW_FRAMES;
    const latest = total - (count - i) * WINDOW_FRAMES;
    const firstFrame = Math.min(Math.max(wanted, earliest), latest);
    windows.push({
      firstFrame,
      frames: WINDOW_FRAMES,
      seek: times && firstFrame > 0 ? seekPoint(times, firstFrame) : null,
      entryPoints: entryPointsBefore(pictures?.entryPoints ?? [], firstFrame),
    });
  }
  return windows;
}

/** Number of the first picture behind this share of the duration; the last picture is shown as long as the one before. */
function firstFrom(times: Float64Array, share: number): number {
  const [first = 0, last = 0] = [times[0], times.at(-1)];
  const from = first + share * (last - first + (last - (times.at(-2) ?? last))) - MICROSECOND;
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] as number) < from) low = middle + 1;
    else high = middle;
  }
  return low;
}

function entryPointsBefore(all: readonly EntryPoint[], firstFrame: number): EntryPoint[] {
  if (firstFrame === 0) return [];
  const last = all.findLastIndex(({ frame }) => frame <= firstFrame);
  return all.slice(Math.max(0, last + 1 - ENTRY_POINTS), last + 1).reverse();
}

function seekPoint(times: Float64Array, frame: number): SeekPoint | null {
  const [before = 0, timeStamp = 0] = [times[frame - 1], times[frame]];
  // Two pictures of one time cannot be told apart.
  return timeStamp - before > 2 * MICROSECOND ? { timeStamp, from: (before + timeStamp) / 2 } : null;
}
