import { JobError } from '@styleflow/contracts';
import { decodeCage } from '../ffmpeg/cage.js';
import { abortError, endedFromOutside, isStartFailure, notStarted } from '../ffmpeg/ffmpeg-process.js';
import { type H264Encoder, h264Encoder } from '../ffmpeg/h264-encoder.js';
import { runTool } from '../launcher/run-tool.js';
import type { PictureStack } from './halve-pictures.js';

/** A clip of 32 pictures takes a fraction of a second; on a machine that is busy beyond measure far more may pass. */
const MOST_CPU_SECONDS = 60;
/** The same numbers in every run: one thread, no use of what processors compute differently. */
const SCALE = 'scale=flags=bicubic+accurate_rnd+full_chroma_int+full_chroma_inp+bitexact';
const QUIET = ['-hide_banner', '-nostdin', '-nostats', '-v', 'error'];
const EXACT = ['-threads', '1', '-filter_threads', '1', '-flags', '+bitexact', '-fflags', '+bitexact'];

/**
 * What a usual quality is: x264's own default, by which a great part of all videos in circulation was made, at 25 pictures a second. With
 * OpenH264, which has no such measure, a fixed step that comes to about the same.
 */
const USUAL: Readonly<Record<H264Encoder, readonly string[]>> = {
  libx264: ['-c:v', 'libx264', '-preset', 'medium', '-crf', '23'],
  libopenh264: ['-c:v', 'libopenh264', '-rc_mode', 'quality', '-qmin', '25', '-qmax', '25', '-b:v', '2M', '-g', '250'],
};

/**
 * Encodes pictures as H.264 at a usual rate and decodes them again, in memory: two runs of ffmpeg in the decoder's cage, with pipes on
 * both sides. The same pictures give the same bytes with the same build of ffmpeg.
 * @param pictures `[frames, height, width, 3]`, RGB; width and height are even.
 * @returns as many, of the same size, in memory of their own.
 * @throws JobError `internal` where ffmpeg cannot be started (`away: 'programs'`), has no H.264 encoder, or gives something else;
 * the signal's reason.
 */
export async function reencodePictures(
  pictures: Uint8Array,
  { width, height, frames }: PictureStack,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  const encoder = await h264Encoder();
  if (encoder === null) {
    throw new JobError(
      'internal',
      'The ffmpeg of this worker has no H.264 encoder (libx264 or libopenh264), which options.stability needs.',
      { away: 'programs' },
    );
  }
  const raw = ['-f', 'rawvideo', '-pix_fmt', 'rgb24', '-video_size', `${width}x${height}`, '-framerate', '25'];
  const stream = await throughFfmpeg(
    [...raw, '-i', 'pipe:0', '-vf', `${SCALE},format=yuv420p`, ...USUAL[encoder], ...EXACT, '-f', 'h264', 'pipe:1'],
    { input: pictures, maxBytes: pictures.length, signal },
  );
  const shown = ['-vf', `${SCALE},format=rgb24`, '-fps_mode', 'passthrough', ...EXACT];
  const bytes = width * height * 3 * frames;
  const decoded = await throughFfmpeg(
    ['-threads', '1', '-f', 'h264', '-i', 'pipe:0', ...shown, '-f', 'rawvideo', 'pipe:1'],
    { input: stream, maxBytes: bytes, signal },
  );
  if (decoded.length !== bytes) {
    throw new JobError('internal', `ffmpeg gave ${decoded.length} bytes of ${bytes} after H.264.`);
  }
  return decoded;
}

interface Pass {
  readonly input: Uint8Array;
  /** More than this is an error. */
  readonly maxBytes: number;
  readonly signal: AbortSignal;
}

async function throughFfmpeg(
  args: readonly string[],
  { input, maxBytes, signal }: Pass,
): Promise<Uint8Array<ArrayBuffer>> {
  if (signal.aborted) throw abortError(signal);
  const [program, leading] = decodeCage().inside('ffmpeg', MOST_CPU_SECONDS);
  const words = [program, ...leading, ...QUIET, '-protocol_whitelist', 'pipe', ...args];
  const how = await runTool(words, { input, mostBytes: maxBytes, signal });
  if (signal.aborted) throw abortError(signal);
  if (how.isTooLong) throw new JobError('internal', `ffmpeg gave more than ${maxBytes} bytes.`);
  if (how.signal !== null) throw endedFromOutside('ffmpeg', how.signal);
  if (isStartFailure(how.exitCode)) throw notStarted('ffmpeg', how.stderr);
  if (how.exitCode !== 0) throw new JobError('internal', 'ffmpeg could not re-encode a clip.', { cause: how.stderr });
  return how.stdout;
}
