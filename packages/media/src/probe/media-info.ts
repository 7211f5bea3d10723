import type { Demuxer } from '../ffmpeg/container-signature.js';

export type Rotation = 0 | 90 | 180 | 270;

/** Facts of a video file, from its headers. Numbers are finite; what a header leaves out or states absurdly is null. */
export interface MediaInfo {
  /** The demuxer that reads it: later runs are told it, so that none guesses again. */
  readonly container: Demuxer;
  readonly codec: string;
  readonly pixelFormat: string | null;
  /** Index of the video stream among all streams of the file. It is the first one that is not an attached picture. */
  readonly streamIndex: number;
  /**
   * Size of the displayed picture, after sample aspect and rotation, in square pixels. Frames and boxes use this size.
   */
  readonly width: number;
  readonly height: number;
  readonly storedWidth: number;
  readonly storedHeight: number;
  /**
   * By how many degrees the stored picture must be turned clockwise to be upright; other angles are rounded to these.
   */
  readonly rotation: Rotation;
  /** Average frames per second, 0.0001 to 1000. */
  readonly fps: number | null;
  readonly durationSeconds: number | null;
  /** Frames of the whole video: as the header says, else duration × fps. It may be wrong, so it only shows progress. */
  readonly framesEstimated: number | null;
  /** Time stamp at which the stream begins, in seconds. Frames are timed from the first frame instead. */
  readonly startSeconds: number | null;
  readonly hasAudio: boolean;
  readonly bytes: number;
}
