import type { FfmpegEnd, MediaFile } from '../ffmpeg/ffmpeg-process.js';
import type { MediaInfo } from '../probe/media-info.js';
import { type DecodedFrame, type DecodeOptions, type DecodeRun, decodeFrames } from './decode-frames.js';

const UNKNOWN_END: FfmpegEnd = { isNotStarted: false, signal: null, log: '' };

/**
 * The same frames and the same damage in every run. With several threads, what ffmpeg makes of a damaged picture depends on
 * which of them comes first. So with the first sign of damage, which comes before the damaged frame, it begins again with
 * one thread, passes over the frames that were given, and goes on.
 * @returns how ffmpeg ended.
 * @throws {JobError} `decode_timeout`, `canceled`.
 */
export async function* decodeSteadily(
  file: MediaFile,
  info: MediaInfo,
  run: DecodeRun,
  options: DecodeOptions,
): AsyncGenerator<DecodedFrame, FfmpegEnd> {
  let given = 0;
  if (options.threads > 1) {
    let isDamaged = false;
    const onDamage = () => {
      isDamaged = true;
    };
    const frames = decodeFrames(file, info, run, { ...options, onDamage });
    try {
      for (let step = await frames.next(); !isDamaged; step = await frames.next()) {
        if (step.done) return step.value;
        given += 1;
        yield step.value;
      }
    } finally {
      await frames.return(UNKNOWN_END);
    }
  }
  const frames = decodeFrames(file, info, run, { ...options, threads: 1 });
  try {
    for (let n = 0, step = await frames.next(); ; n++, step = await frames.next()) {
      if (step.done) return step.value;
      if (n >= given) yield step.value;
    }
  } finally {
    await frames.return(UNKNOWN_END);
  }
}
