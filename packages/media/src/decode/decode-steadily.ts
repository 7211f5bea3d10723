import type { FfmpegEnd, MediaFile } from '../ffmpeg/ffmpeg-process.js';
import type { MediaInfo } from '../probe/media-info.js';
import type { DecodeRun } from './decode-arguments.js';
import { type DecodedFrame, type DecodeOptions, decodeFrames } from './decode-frames.js';
import { likelyForm } from './frame-form.js';

/** By itself, not from outside. */
function hasEnded({ signal, isNotStarted }: FfmpegEnd): boolean {
  return signal === null && !isNotStarted;
}

const UNKNOWN_END: FfmpegEnd = { isNotStarted: false, signal: null, log: '' };

/**
 * The same frames and the same damage in every run. With several threads, what ffmpeg makes of a damaged picture depends on
 * which of them comes first. So with the first sign of damage, which comes before the damaged frame, it begins again with
 * one thread, passes over the frames that were given, and goes on. So it does in the other form at the first frame that cannot come
 * as it was decoded, and when none came.
 * @returns how ffmpeg ended.
 * @throws {JobError} `decode_timeout`, `canceled`.
 */
export async function* decodeSteadily(
  file: MediaFile,
  info: MediaInfo,
  run: DecodeRun,
  options: Omit<DecodeOptions, 'form' | 'onOtherForm'>,
): AsyncGenerator<DecodedFrame, FfmpegEnd> {
  let way: Pick<DecodeOptions, 'threads' | 'form'> = { threads: options.threads, form: likelyForm(info) };
  let given = 0;
  let damageTold = 0;
  while (true) {
    const now = way;
    let damage = 0;
    const frames = decodeFrames(file, info, run, {
      ...options,
      ...now,
      onDamage: () => {
        if (now.threads > 1) way = { ...way, threads: 1 };
        else damage += 1;
        if (damage <= damageTold) return;
        damageTold = damage;
        options.onDamage();
      },
      onOtherForm: () => {
        way = { ...way, form: 'rgb24' };
      },
    });
    try {
      for (let n = 0, step = await frames.next(); way === now; n++, step = await frames.next()) {
        if (step.done && n === 0 && now.form !== 'rgb24' && hasEnded(step.value)) way = { ...now, form: 'rgb24' };
        else if (step.done) return step.value;
        if (step.done || n < given) continue;
        given += 1;
        yield step.value;
      }
    } finally {
      await frames.return(UNKNOWN_END);
    }
  }
}
