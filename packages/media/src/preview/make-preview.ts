import { createWriteStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { JobError } from '@styleflow/contracts';
import { pictureFilters } from '../decode/picture-filters.js';
import { abortError, startFfmpeg } from '../ffmpeg/ffmpeg-process.js';
import { type MediaLimits, maxCodedPixels } from '../ffmpeg/media-limits.js';
import { type MediaInfo, probedFile } from '../probe/media-info.js';
import { indexPreview } from './index-preview.js';
import { previewSize } from './preview-size.js';

/** No video of this size needs more; one that would has something odd about it and gets none. */
const MAX_BYTES = 200_000_000;
const FORM = { format: 'yuv420p', flags: 'bilinear' } as const;
/** libvpx's fastest ways: a second of a small picture takes some 0.2 processor seconds. */
const ENCODING = [
  ...['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8', '-lag-in-frames', '0', '-threads', '1'],
  ...['-b:v', '0', '-crf', '36', '-g', '60'],
];

export interface PreviewOptions {
  /** Shows so many of the first frames. */
  readonly frames: number;
  /** Where it is written; two files beside it are made and deleted. */
  readonly toFile: string;
  readonly limits: MediaLimits;
  readonly threads: number;
  readonly signal: AbortSignal;
}

export interface PreviewFile {
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
}

/**
 * Writes a small, upright VP9 video in WebM, its shorter side at most 360 pixels: each of the first frames at its own time, counted
 * from the first frame. The decoder stays in its cage and writes to a pipe alone; a second run, which reads what the first one
 * made, gives it the index that players seek by.
 * @throws JobError `media_corrupt` when it cannot be made, `decode_timeout` beyond the limits; the signal's reason.
 */
export async function makePreview(path: string, info: MediaInfo, options: PreviewOptions): Promise<PreviewFile> {
  const { frames, toFile, limits, signal } = options;
  if (signal.aborted) throw abortError(signal);
  const size = previewSize(info);
  const unindexed = `${toFile}.part`;
  const run = await startFfmpeg(probedFile(path, info), {
    input: [
      ...['-loglevel', 'error', '-threads', String(options.threads)],
      ...['-max_pixels', String(maxCodedPixels(limits)), '-noautorotate'],
    ],
    output: [
      ...['-map', `0:${info.streamIndex}`, '-vf', `${pictureFilters({ ...info, ...size }, FORM)},setpts=PTS-STARTPTS`],
      ...['-fps_mode', 'passthrough', '-frames:v', String(frames), '-map_metadata', '-1'],
      ...['-fflags', '+bitexact', '-flags:v', '+bitexact', ...ENCODING, '-an', '-sn', '-dn', '-f', 'webm'],
    ],
    maxCpuSeconds: limits.maxDecodeSeconds,
    onLogLine: () => undefined,
  });
  const isLate = AbortSignal.timeout(limits.maxDecodeSeconds * 1000);
  const stop = AbortSignal.any([signal, isLate]);
  stop.addEventListener('abort', run.kill, { once: true });
  try {
    await pipeline(run.stdout, atMost(MAX_BYTES), createWriteStream(unindexed), { signal: stop });
    const { signal: endedBy } = await run.ended;
    if (endedBy !== null) throw cannot(`ffmpeg was ended by ${endedBy}`);
    await indexPreview(unindexed, toFile, { maxBytes: MAX_BYTES, signal: stop });
    const { size: bytes } = await stat(toFile);
    if (bytes === 0) throw cannot('it has no frame');
    return { ...size, bytes };
  } catch (error) {
    if (signal.aborted) throw abortError(signal);
    if (isLate.aborted) throw new JobError('decode_timeout', 'The preview took longer than is allowed.');
    throw error instanceof JobError ? error : cannot(error);
  } finally {
    stop.removeEventListener('abort', run.kill);
    run.kill();
    await run.ended;
    await rm(unindexed, { force: true });
  }
}

/** @throws JobError `media_corrupt` beyond so many bytes. */
function atMost(maxBytes: number): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes > maxBytes) done(cannot('it grows too large'));
      else done(null, chunk);
    },
  });
}

const cannot = (cause: unknown): JobError => new JobError('media_corrupt', 'A preview could not be made.', { cause });
