import type { Demuxer } from '../ffmpeg/container-signature.js';

export type Rotation = 0 | 90 | 180 | 270;

/** Facts of a video file, from its headers. Numbers are finite; what the header leaves out or tells absurdly is null. */
export interface MediaInfo {
  /** The demuxer that reads it (forced, not guessed again). */
  readonly container: Demuxer;
  readonly codec: string;
  readonly pixelFormat: string | null;
  /** Index of the video stream among all streams of the file: the first that is no attached picture. */
  readonly streamIndex: number;
  /** The displayed picture in square pixels: after sample aspect and rotation. Frames and boxes have this size. */
  readonly width: number;
  readonly height: number;
  readonly storedWidth: number;
  readonly storedHeight: number;
  /** Clockwise turn in degrees that shows the stored picture upright; odd angles are rounded to the nearest of these. */
  readonly rotation: Rotation;
  /** Average frames per second, 0.0001 to 1000. */
  readonly fps: number | null;
  readonly durationSeconds: number | null;
  /** Frames of the whole video: as the header counts them, else duration × fps. A hint for progress, not a promise. */
  readonly framesEstimated: number | null;
  /** Time stamp of the stream's beginning in seconds; frames are timed from their first, not from this. */
  readonly startSeconds: number | null;
  readonly hasAudio: boolean;
  readonly bytes: number;
}
