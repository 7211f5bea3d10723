import type { MediaInfo } from '../probe/media-info.js';

/** Frames in a clip, hence in a window. */
const WINDOW_FRAMES = 32;

/** A stretch of consecutive frames to read. */
export interface SamplingWindow {
  /** Where to seek to, from the start of the video; 0 reads from the first frame without seeking. */
  readonly startSeconds: number;
  readonly frames: number;
}

export type Sampling = 'head' | 'spread';

/**
 * Which stretches of a video to read for at most `maxFrames` frames (0: all of them).
 * - `head`: the first frames.
 * - `spread`: floor(maxFrames / 32) windows of 32 frames. The duration is divided into as many equal parts, and a
 *   window lies at the beginning of each. Where windows would touch, or the duration is unknown, it is the same as
 *   `head`.
 */
export function planWindows(
  info: Pick<MediaInfo, 'durationSeconds' | 'fps'>,
  sampling: Sampling,
  maxFrames: number,
  frameLimit: number,
): SamplingWindow[] {
  const frames = maxFrames === 0 ? frameLimit : Math.min(maxFrames, frameLimit);
  const head = [{ startSeconds: 0, frames }];
  const { durationSeconds, fps } = info;
  const count = Math.floor(frames / WINDOW_FRAMES);
  if (sampling === 'head' || maxFrames === 0 || count < 2 || durationSeconds === null || fps === null) return head;
  const part = durationSeconds / count;
  if (part <= WINDOW_FRAMES / fps) return head;
  return Array.from({ length: count }, (_, i) => ({ startSeconds: i * part, frames: WINDOW_FRAMES }));
}
