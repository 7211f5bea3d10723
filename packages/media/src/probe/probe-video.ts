import { open } from 'node:fs/promises';
import { JobError } from '@styleflow/contracts';
import { type Demuxer, SIGNATURE_BYTES, sniffContainer } from '../ffmpeg/container-signature.js';
import { type MediaFile, runFfprobe } from '../ffmpeg/ffmpeg-process.js';
import { isPictureWithin, type MediaLimits, maxCodedPixels } from '../ffmpeg/media-limits.js';
import { FFPROBE_ENTRIES, type FfprobeOutput, type FfprobeStream, ffprobeOutput } from './ffprobe-output.js';
import { measureDuration } from './measure-duration.js';
import type { MediaInfo, Rotation } from './media-info.js';

/** Limit for reading headers, which takes well under a second: a probe that computes for longer is an attack. */
const PROBE_CPU_SECONDS = 20;
/**
 * Real sample aspects lie between 1:2 and 4:1. Those outside of this range are mistakes or attacks, and are ignored.
 */
const SAMPLE_ASPECT_RANGE = [1 / 8, 8] as const;
const FPS_RANGE = [0.0001, 1000] as const;

/**
 * Reads the facts of a video file from its headers. ffprobe runs once and decodes next to nothing.
 * @throws {JobError} `unsupported_media` no video container, `media_corrupt` unreadable, `media_no_video`,
 * `media_too_large`, `media_too_long`, `canceled`.
 */
export async function probeVideo(path: string, limits: MediaLimits, signal?: AbortSignal): Promise<MediaInfo> {
  const { demuxer, bytes } = await readSignature(path);
  const file: MediaFile = { path, demuxer };
  const outcome = await runFfprobe(
    file,
    [
      '-v',
      'error',
      '-threads',
      '1',
      '-max_pixels',
      String(maxCodedPixels(limits)),
      '-of',
      'json',
      '-show_entries',
      FFPROBE_ENTRIES,
    ],
    { maxCpuSeconds: PROBE_CPU_SECONDS, signal },
  );
  const output = parseOutput(outcome.stdout);
  const video = output?.streams.find(isMovingPicture);
  refuseGiantPicture(outcome.stderr, video, limits);
  if (outcome.exitCode !== 0 || output === null) {
    throw new JobError(
      'media_corrupt',
      'The file cannot be read: its index or its headers are missing or damaged; download or export it again.',
    );
  }
  if (video === undefined) throw new JobError('media_no_video', 'The file has no video stream.');
  const info = describe(file, bytes, output, video);
  refuseBeyondLimits(info, limits);
  if (info.durationSeconds === null || info.durationSeconds <= limits.maxDurationSeconds) return info;
  const durationSeconds = await measureDuration(file, info.streamIndex, limits, signal);
  return { ...info, durationSeconds, framesEstimated: estimateFrames(video, info.fps, durationSeconds) };
}

async function readSignature(path: string): Promise<{ demuxer: Demuxer; bytes: number }> {
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    if (size === 0) throw new JobError('unsupported_media', 'The file is empty.');
    const head = Buffer.alloc(Math.min(SIGNATURE_BYTES, size));
    const { bytesRead } = await handle.read(head, 0, head.length, 0);
    const demuxer = sniffContainer(head.subarray(0, bytesRead));
    if (demuxer === null) {
      throw new JobError(
        'unsupported_media',
        'The file is not a video in a container that is supported (MP4, MOV, MKV, WebM, AVI, TS …).',
      );
    }
    return { demuxer, bytes: size };
  } finally {
    await handle.close();
  }
}

function parseOutput(stdout: string): FfprobeOutput | null {
  try {
    return ffprobeOutput.parse(JSON.parse(stdout));
  } catch {
    return null; // ffprobe gave up on the file: its output is cut off or empty. The caller reports it.
  }
}

function isMovingPicture(stream: FfprobeStream): boolean {
  const { attached_pic, still_image, timed_thumbnails } = stream.disposition;
  return stream.codec_type === 'video' && !attached_pic && !still_image && !timed_thumbnails;
}

/** Refuses a picture so large that ffprobe reports no size: the size then stands only in its log. */
function refuseGiantPicture(log: string, video: FfprobeStream | undefined, limits: MediaLimits): void {
  if (video !== undefined && video.width > 0 && video.height > 0) return;
  const size = /Picture size (\d+)x(\d+)/.exec(log);
  if (size && !isPictureWithin(Number(size[1]), Number(size[2]), limits))
    throw tooLarge(Number(size[1]), Number(size[2]), limits);
}

function describe(file: MediaFile, bytes: number, output: FfprobeOutput, video: FfprobeStream): MediaInfo {
  if (video.width <= 0 || video.height <= 0) {
    throw new JobError('media_corrupt', 'The video stream has no picture size: its headers are damaged.');
  }
  const rotation = uprightTurn(video.side_data_list.find((data) => data.rotation !== null)?.rotation ?? 0);
  const aspect = within(video.sample_aspect_ratio, SAMPLE_ASPECT_RANGE) ?? 1;
  const squareWidth = Math.max(1, Math.round(video.width * aspect));
  const isSideways = rotation === 90 || rotation === 270;
  const fps = within(video.avg_frame_rate, FPS_RANGE) ?? within(video.r_frame_rate, FPS_RANGE);
  const durationSeconds = positive(video.duration) ?? positive(output.format.duration);
  return {
    container: file.demuxer,
    codec: video.codec_name,
    pixelFormat: video.pix_fmt ?? null,
    streamIndex: video.index,
    width: isSideways ? video.height : squareWidth,
    height: isSideways ? squareWidth : video.height,
    storedWidth: video.width,
    storedHeight: video.height,
    rotation,
    fps,
    durationSeconds,
    framesEstimated: estimateFrames(video, fps, durationSeconds),
    startSeconds: video.start_time ?? output.format.start_time,
    hasAudio: output.streams.some((stream) => stream.codec_type === 'audio'),
    bytes,
  };
}

function estimateFrames(video: FfprobeStream, fps: number | null, durationSeconds: number | null): number | null {
  if (video.nb_frames !== null && video.nb_frames >= 1) return Math.round(video.nb_frames);
  return fps === null || durationSeconds === null ? null : positive(Math.round(fps * durationSeconds));
}

/** ffprobe gives any angle, counter-clockwise; for a matrix without inverse the smallest integer, which is ignored. */
function uprightTurn(counterClockwise: number): Rotation {
  if (Math.abs(counterClockwise) > 360) return 0;
  return ((((Math.round(-counterClockwise / 90) % 4) + 4) % 4) * 90) as Rotation;
}

function refuseBeyondLimits(info: MediaInfo, limits: MediaLimits): void {
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
