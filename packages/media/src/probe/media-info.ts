import type { MediaFile } from '../ffmpeg/ffmpeg-process.js';
import type { Orientation } from './orientation.js';

/** Facts of a video file, from its headers. Numbers are finite; what a header leaves out or states absurdly is null. */
export interface MediaInfo extends Orientation, Pick<MediaFile, 'skipBytes' | 'countsHeader' | 'needsDeepAnalysis'> {
  /** The demuxer that reads it: later runs are told it, so that none guesses again. */
  readonly container: MediaFile['demuxer'];
  readonly codec: string;
  readonly pixelFormat: string | null;
  /** Index of the video stream among all streams of the file: the one that a player would show. */
  readonly streamIndex: number;
  /** The stream's number in the container itself, as ffmpeg prints it: it is the same wherever reading begins. */
  readonly streamId: string | null;
  /** Further video streams, which are not read. Cover pictures and thumbnails are none. */
  readonly otherVideoStreams: number;
  /**
   * Size of the displayed picture, after sample aspect and rotation, in square pixels. Frames and boxes use this size.
   */
  readonly width: number;
  readonly height: number;
  readonly storedWidth: number;
  readonly storedHeight: number;
  /** Average frames per second, 0.0001 to 1000. */
  readonly fps: number | null;
  readonly durationSeconds: number | null;
  /** Frames of the whole video: as the header says, else duration × fps. It may be wrong, so it only shows progress. */
  readonly framesEstimated: number | null;
  /** Time stamp at which the stream begins, in seconds. Frames are timed from the first frame instead. */
  readonly startSeconds: number | null;
  /** Time stamp at which the whole file begins, in seconds: where seeking counts from. */
  readonly fileStartSeconds: number | null;
  /** Whether rate or duration in the header are such as no camera makes, or the packets refute them. */
  readonly isRateImplausible: boolean;
  readonly hasAudio: boolean;
  readonly bytes: number;
}

/** The file as the tools are to read it, once it was probed. */
export function probedFile(path: string, info: MediaInfo): MediaFile {
  const { container: demuxer, skipBytes, countsHeader, needsDeepAnalysis } = info;
  return { path, demuxer, skipBytes, countsHeader, needsDeepAnalysis };
}
