import type { FramePixels } from '../pixels/frame-pixels.js';

/** One decoded picture, as a viewer sees it: upright, square pixels. */
export interface Frame {
  /** From 0, in presentation order: counted among all frames of the video, also where the frames before are not read. */
  readonly index: number;
  /** Time since the first frame, by the time stamps, so it is exact for a variable frame rate, too. */
  readonly seconds: number;
  /** Number of its sampling window; 0 for the whole video. The frames of one window are consecutive. */
  readonly window: number;
  /** Set when the time stamps jump before this frame, by more than a second and than such a video's frames lie apart. */
  readonly isAfterGap?: boolean;
  readonly width: number;
  readonly height: number;
  /** Asking for the next frame overwrites them: copy what stays. */
  readonly pixels: FramePixels;
}

/** The same frame in memory of its own, which nothing overwrites. */
export function keepFrame(frame: Frame): Frame {
  const { width, height } = frame;
  const pixels = frame.pixels.crop({ left: 0, top: 0, width, height }, (bytes) => new Uint8Array(bytes));
  return { ...frame, pixels };
}
