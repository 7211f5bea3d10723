import { JobError } from '@styleflow/contracts';
import { abortError, fileUrl, inputOptions, isStartFailure, notStarted } from '../ffmpeg/ffmpeg-process.js';
import { type H264Encoder, h264Encoder } from '../ffmpeg/h264-encoder.js';
import { DEFAULT_MEDIA_LIMITS } from '../ffmpeg/media-limits.js';
import { runTool } from '../launcher/run-tool.js';
import { probedFile } from '../probe/media-info.js';
import { probeVideo } from '../probe/probe-video.js';

/** One changed copy of a video. */
export interface PerturbedCopy {
  /** An mp4 that is written anew. */
  readonly path: string;
  /** ffmpeg's filters; `WIDTH` and `HEIGHT` stand for the video's own. Null: none. */
  readonly filter: string | null;
  readonly crf: number;
}

/** Pixels of all copies' pictures together that one decoding feeds: each encoder holds some twenty pictures. */
const PIXELS_AT_ONCE = 16_000_000;
/** It writes into files alone. */
const OUTPUT_BYTES = 1_000;

/**
 * Writes changed copies of a video of this machine. The video is decoded once for all of them; of a large picture once for as many as
 * memory allows.
 * @param maxFrames frames of the video that are read; 0: all
 * @returns how often it was decoded
 * @throws JobError as probing does; `internal` when this ffmpeg has no x264; `media_corrupt` when ffmpeg cannot do it; the signal's reason
 */
export async function perturbVideo(
  path: string,
  copies: readonly PerturbedCopy[],
  { maxFrames, signal }: { readonly maxFrames: number; readonly signal: AbortSignal },
): Promise<number> {
  refuseToPerturb(await h264Encoder());
  const info = await probeVideo(path, DEFAULT_MEDIA_LIMITS, signal);
  const atOnce = Math.max(1, Math.min(copies.length, Math.floor(PIXELS_AT_ONCE / (info.width * info.height))));
  const even = ({ width, height }: { width: number; height: number }): [number, number] => [
    Math.max(2, width - (width % 2)),
    Math.max(2, height - (height % 2)),
  ];
  const [width, height] = even(info);
  let decodes = 0;
  for (let from = 0; from < copies.length; from += atOnce) {
    const some = copies.slice(from, from + atOnce);
    const shown = some.map(({ filter }) =>
      (filter ?? 'null').replaceAll('WIDTH', `${width}`).replaceAll('HEIGHT', `${height}`),
    );
    const trim = maxFrames === 0 ? '' : `trim=end_frame=${maxFrames},`;
    const graph = [
      `[0:${info.streamIndex}]${trim}scale=${width}:${height},setsar=1,split=${some.length}${some.map((_, i) => `[s${i}]`).join('')}`,
      ...shown.map((filter, i) => `[s${i}]${filter},format=yuv420p[o${i}]`),
    ].join(';');
    const outputs = some.flatMap(({ path: out, crf }, i) => [
      ...['-map', `[o${i}]`, '-fps_mode', 'vfr', '-c:v', 'libx264', '-preset', 'veryfast', '-threads', '1'],
      ...['-crf', String(crf), '-f', 'mp4', `file:${out}`],
    ]);
    const file = probedFile(path, info);
    const input = [
      '-hide_banner',
      '-nostdin',
      '-nostats',
      '-y',
      '-v',
      'error',
      ...inputOptions(file),
      '-i',
      fileUrl(file),
    ];
    await runFfmpeg([...input, '-filter_complex', graph, ...outputs], signal);
    decodes += 1;
  }
  return decodes;
}

/**
 * The strengths are rates of x264, as published tables have them: what another encoder made could not be compared with those.
 * @throws JobError `internal` for every other encoder
 */
export function refuseToPerturb(encoder: H264Encoder | null): void {
  if (encoder === 'libx264') return;
  const has = encoder === null ? 'no encoder of H.264' : `${encoder} alone`;
  throw new JobError(
    'internal',
    `Changed copies need an ffmpeg with libx264 (apt-get install ffmpeg); this one has ${has}.`,
  );
}

/** Outside of the cage, which lets nothing be written: the user measures with videos of their own. */
async function runFfmpeg(args: readonly string[], signal: AbortSignal): Promise<void> {
  if (signal.aborted) throw abortError(signal);
  const { exitCode, stderr } = await runTool(['ffmpeg', ...args], { signal, mostBytes: OUTPUT_BYTES });
  if (signal.aborted) throw abortError(signal);
  if (isStartFailure(exitCode)) throw notStarted('ffmpeg', stderr);
  if (exitCode !== 0)
    throw new JobError('media_corrupt', 'ffmpeg could not write changed copies of the video.', { cause: stderr });
}
