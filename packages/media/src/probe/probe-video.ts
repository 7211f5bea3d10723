import { open } from 'node:fs/promises';
import { JobError } from '@styleflow/contracts';
import { type MediaFile, runFfprobe, type ToolOutcome } from '../ffmpeg/ffmpeg-process.js';
import { findContainer, SEARCHED_BYTES } from '../ffmpeg/find-container.js';
import { isPictureWithin, type MediaLimits, maxCodedPixels } from '../ffmpeg/media-limits.js';
import { chooseVideoStream, isKnown, videoStreams } from './choose-video-stream.js';
import { FFPROBE_ENTRIES, type FfprobeOutput, type FfprobeStream, parseOutput } from './ffprobe-output.js';
import { findOrientation } from './find-orientation.js';
import { findPlaces } from './find-places.js';
import { measureDuration } from './measure-duration.js';
import type { MediaInfo } from './media-info.js';
import type { Orientation } from './orientation.js';

/** Limit for reading headers, which takes well under a second: a probe that computes for longer is an attack. */
const PROBE_CPU_SECONDS = 20;
/**
 * Real sample aspects lie between 1:2 and 4:1. Those outside of this range are mistakes or attacks, and are ignored.
 */
const SAMPLE_ASPECT_RANGE = [1 / 8, 8] as const;
/** A pixel that differs by less from a square is one: 225:224 changes no face, and scaling every frame costs more than decoding it. */
const NEARLY_SQUARE = 0.01;
/** For what the first picture says of itself: the first packet may be one of sound. */
const PACKETS_DECODED = 2;
const FPS_RANGE = [0.0001, 1000] as const;
/** Rates of cameras: from one picture a second to slow motion that is stored at its own speed. */
const PLAUSIBLE_FPS_RANGE = [1, 480] as const;

/**
 * Reads the facts of a video file from its headers. ffprobe runs once and decodes next to nothing; it runs again and reads
 * farther where it found no picture, or one of unknown size or codec: the first picture may come late.
 * @throws {JobError} `unsupported_media` no video container, `media_corrupt` unreadable, `media_no_video`,
 * `media_too_large`, `media_too_long`, `canceled`.
 */
export async function probeVideo(path: string, limits: MediaLimits, signal?: AbortSignal): Promise<MediaInfo> {
  const { file: found, bytes } = await readSignature(path);
  let file = await findPlaces(found, limits, signal);
  let outcome = await probe(file, limits, signal);
  let output = parseOutput(outcome.stdout);
  if (output !== null && !(videoStreams(output).length > 0 && videoStreams(output).every(isKnown))) {
    refuseGiantPicture(outcome.stderr, limits);
    file = { ...file, needsDeepAnalysis: true };
    outcome = await probe(file, limits, signal);
    output = parseOutput(outcome.stdout) ?? output;
  }
  const streams = videoStreams(output);
  if (!streams.some(isKnown)) refuseGiantPicture(outcome.stderr, limits);
  if (outcome.exitCode !== 0 || output === null) {
    throw new JobError(
      'media_corrupt',
      'The file cannot be read: its index or its headers are missing or damaged; download or export it again.',
    );
  }
  const video = await chooseVideoStream(file, streams, signal);
  if (video === undefined) throw new JobError('media_no_video', 'The file has no video stream.');
  const orientation = await findOrientation(file, output, video, signal);
  const info = { ...describe(file, bytes, output, video, orientation), otherVideoStreams: streams.length - 1 };
  refuseBeyondLimits(info, limits);
  if (info.durationSeconds === null || info.durationSeconds <= limits.maxDurationSeconds) return info;
  const durationSeconds = await measureDuration(file, info.streamIndex, limits, signal);
  const framesEstimated = estimateFrames(video, info.fps, durationSeconds);
  return { ...info, durationSeconds, framesEstimated, isRateImplausible: true };
}

async function readSignature(path: string): Promise<{ file: MediaFile; bytes: number }> {
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    if (size === 0) throw new JobError('unsupported_media', 'The file is empty.');
    const head = Buffer.alloc(Math.min(SEARCHED_BYTES, size));
    const { bytesRead } = await handle.read(head, 0, head.length, 0);
    const container = findContainer(head.subarray(0, bytesRead));
    if (container === null) {
      throw new JobError(
        'unsupported_media',
        'The file is not a video in a container that is supported (MP4, MOV, MKV, WebM, AVI, TS …).',
      );
    }
    return { file: { path, ...container, countsHeader: false, needsDeepAnalysis: false }, bytes: size };
  } finally {
    await handle.close();
  }
}

function probe(file: MediaFile, limits: MediaLimits, signal: AbortSignal | undefined): Promise<ToolOutcome> {
  const options = [
    ...['-v', 'error', '-threads', '1', '-max_pixels', String(maxCodedPixels(limits))],
    ...['-read_intervals', `%+#${PACKETS_DECODED}`, '-of', 'json', '-show_entries', FFPROBE_ENTRIES],
  ];
  return runFfprobe(file, options, { maxCpuSeconds: PROBE_CPU_SECONDS, signal });
}

/** Refuses a picture so large that ffprobe reports no size: the size then stands only in its log. */
function refuseGiantPicture(log: string, limits: MediaLimits): void {
  const size = /Picture size (\d+)x(\d+)/.exec(log);
  if (size && !isPictureWithin(Number(size[1]), Number(size[2]), limits))
    throw tooLarge(Number(size[1]), Number(size[2]), limits);
}

function describe(
  file: MediaFile,
  bytes: number,
  output: FfprobeOutput,
  video: FfprobeStream,
  orientation: Orientation,
): Omit<MediaInfo, 'otherVideoStreams'> {
  if (video.width <= 0 || video.height <= 0) {
    throw new JobError('media_corrupt', 'The video stream has no picture size: its headers are damaged.');
  }
  const told = within(video.sample_aspect_ratio, SAMPLE_ASPECT_RANGE) ?? 1;
  const aspect = Math.abs(told - 1) < NEARLY_SQUARE ? 1 : told;
  const squareWidth = Math.max(1, Math.round(video.width * aspect));
  const isSideways = orientation.rotation === 90 || orientation.rotation === 270;
  const fps = within(video.avg_frame_rate, FPS_RANGE) ?? within(video.r_frame_rate, FPS_RANGE);
  const durationSeconds = positive(video.duration) ?? positive(output.format.duration);
  const rates = [video.avg_frame_rate, video.r_frame_rate].filter((rate) => rate !== null);
  return {
    container: file.demuxer,
    skipBytes: file.skipBytes,
    countsHeader: file.countsHeader,
    needsDeepAnalysis: file.needsDeepAnalysis,
    codec: video.codec_name,
    pixelFormat: video.pix_fmt ?? null,
    streamIndex: video.index,
    streamId: video.id ?? null,
    width: isSideways ? video.height : squareWidth,
    height: isSideways ? squareWidth : video.height,
    storedWidth: video.width,
    storedHeight: video.height,
    ...orientation,
    fps,
    durationSeconds,
    framesEstimated: estimateFrames(video, fps, durationSeconds),
    startSeconds: video.start_time ?? output.format.start_time,
    fileStartSeconds: output.format.start_time,
    isRateImplausible: rates.length > 0 && within(rates[0] ?? null, PLAUSIBLE_FPS_RANGE) === null,
    hasAudio: output.streams.some((stream) => stream.codec_type === 'audio'),
    bytes,
  };
}

function estimateFrames(video: FfprobeStream, fps: number | null, durationSeconds: number | null): number | null {
  if (video.nb_frames !== null && video.nb_frames >= 1) return Math.round(video.nb_frames);
  return fps === null || durationSeconds === null ? null : positive(Math.round(fps * durationSeconds));
}

function refuseBeyondLimits(info: Omit<MediaInfo, 'otherVideoStreams'>, limits: MediaLimits): void {
  if (!isPictureWithin(info.storedWidth, info.storedHeight, limits))
    throw tooLarge(info.storedWidth, info.storedHeight, limits);
  if (!isPictureWithin(info.width, info.height, limits)) throw tooLarge(info.width, info.height, limits);
}

function tooLarge(width: number, height: number, limits: MediaLimits): JobError {
  const message = `The picture has ${width}×${height} pixels; at most ${limits.maxLongSide}×${limits.maxShortSide} (or upright) are allowed.`;
  return new JobError('media_too_large', message, { details: { width, height, ...limits } });
}

function within(value: number | null, [least, most]: readonly [number, number]): number | null {
  return value !== null && value >= least && value <= most ? value : null;
}

function positive(value: number | null): number | null {
  return value !== null && value > 0 ? value : null;
}
