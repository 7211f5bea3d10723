import type { MediaFile } from '../ffmpeg/ffmpeg-process.js';
import { type MediaLimits, maxCodedPixels } from '../ffmpeg/media-limits.js';
import type { MediaInfo } from '../probe/media-info.js';
import { type FrameForm, formFilters } from './frame-form.js';

/** Of the pictures before a key frame at which reading begins, not more are decoded. */
const MOST_BEFORE_KEY = 64;

/** What one run of ffmpeg gives. */
export interface DecodeRun {
  /** Where to seek to, from the start of the file; null reads from the beginning. */
  readonly seekSeconds: number | null;
  /**
   * The byte of the container from which on the file is read; null reads all of it. Pictures before the first key frame
   * are passed over then, as they may need others that are not there.
   */
  readonly fromByte: number | null;
  /** ffmpeg's expression for the frames that are wanted; null for all. */
  readonly select: string | null;
  /** It ends after so many frames. */
  readonly frames: number;
}

/** The file as a run reads it: what lies before is not there for ffmpeg, so it must not look far for what a beginning tells. */
export function fileFrom(file: MediaFile, { fromByte }: DecodeRun): MediaFile {
  if (fromByte === null) return file;
  return { ...file, skipBytes: file.skipBytes + fromByte, countsHeader: false, needsDeepAnalysis: false };
}

/** What stands before the input on ffmpeg's command line: it reads, and says, so much. */
export function inputOptions(
  { seekSeconds }: DecodeRun,
  { threads, limits }: { readonly threads: number; readonly limits: MediaLimits },
): string[] {
  const seek = seekSeconds === null ? [] : ['-noaccurate_seek', '-ss', seekSeconds.toFixed(6)];
  return [
    ...['-loglevel', 'repeat+info', '-threads', String(threads)],
    ...['-max_pixels', String(maxCodedPixels(limits)), '-noautorotate', '-copyts', ...seek],
  ];
}

/** What stands before the output: the wanted frames of the stream, in their form, as bytes alone. */
export function outputOptions(info: MediaInfo, { select, frames, fromByte }: DecodeRun, form: FrameForm): string[] {
  // Read from the middle, streams may come in another order.
  const stream = fromByte !== null && info.streamId !== null ? `i:${info.streamId}` : info.streamIndex;
  const most = fromByte === null ? frames : frames + MOST_BEFORE_KEY;
  const selected = select === null ? '' : `select='${select}',`;
  const filters = `${selected}${formFilters(info, form)}`;
  return [
    ...['-map', `0:${stream}`, '-vf', filters, '-fps_mode', 'passthrough', '-frames:v', String(most)],
    ...['-an', '-sn', '-dn', '-f', 'rawvideo'],
  ];
}
