import { JobError } from '@styleflow/contracts';
import { endedFromOutside, type FfmpegEnd, notStarted } from '../ffmpeg/ffmpeg-process.js';
import type { MediaLimits } from '../ffmpeg/media-limits.js';
import type { MediaInfo } from '../probe/media-info.js';
import { type DecodeBudget, decodeWindow } from './decode-window.js';
import type { Frame } from './frame.js';
import { FrameClock } from './frame-clock.js';
import type { SamplingWindow } from './plan-windows.js';

/** What a read did, updated while it runs. */
export interface DecodeStats {
  frames: number;
  /**
   * Pictures that the decoder lost or had to patch, for a warning in the result. Never more than the pictures that it
   * gave.
   */
  damaged: number;
  /** Time spent waiting for ffmpeg, in seconds, without the consumer's own time. */
  decodeSeconds: number;
}

export function emptyDecodeStats(): DecodeStats {
  return { frames: 0, damaged: 0, decodeSeconds: 0 };
}

export interface ReadFramesOptions {
  /** From `planWindows`, in order of time. */
  readonly windows: readonly SamplingWindow[];
  readonly limits: MediaLimits;
  /** Threads of the decoder, beside those of the caller. */
  readonly threads: number;
  readonly signal?: AbortSignal;
  readonly stats?: DecodeStats;
}

/**
 * The frames of a video in presentation order. ffmpeg waits while the consumer works, and ends when the loop is left.
 * It takes the memory of three frames, whatever the length of the video. Frames that cannot be decoded are left out and
 * counted. A frame's pixels are valid until the next one is asked for.
 * @throws {JobError} `media_corrupt` when nothing decodes, `decode_timeout`, `canceled`; `internal` (to be tried again)
 * when something from outside ended ffmpeg, since a part of a video must not be taken for the whole.
 */
export async function* readFrames(
  path: string,
  info: MediaInfo,
  options: ReadFramesOptions,
): AsyncGenerator<Frame, void> {
  const file = { path, demuxer: info.container };
  const stats = options.stats ?? emptyDecodeStats();
  const budget: DecodeBudget = { remainingMs: options.limits.maxDecodeSeconds * 1000 };
  const clock = new FrameClock(info.fps);
  const { threads, limits, signal } = options;
  const onDamage = () => {
    stats.damaged += 1;
  };
  let last: FfmpegEnd | undefined;
  for (const [number, window] of options.windows.entries()) {
    clock.startWindow();
    const frames = decodeWindow(file, info, window, { threads, limits, budget, signal, onDamage });
    let step = await frames.next();
    try {
      for (; !step.done; step = await frames.next()) {
        stats.decodeSeconds = limits.maxDecodeSeconds - budget.remainingMs / 1000;
        const place = clock.place(step.value.timeStamp);
        if (place === null) continue;
        stats.frames += 1;
        yield { ...place, window: number, width: info.width, height: info.height, data: step.value.data };
      }
      last = step.value;
    } finally {
      await frames.return(UNKNOWN_END);
    }
    if (last.signal !== null) throw endedFromOutside('ffmpeg', last.signal);
    if (last.isNotStarted) throw notStarted('ffmpeg', last.log);
  }
  if (stats.frames === 0) {
    throw new JobError(
      'media_corrupt',
      'Not one frame of the video can be decoded: it is damaged, encrypted or of an unknown codec.',
      {
        cause: last?.log,
      },
    );
  }
}

const UNKNOWN_END: FfmpegEnd = { isNotStarted: false, signal: null, log: '' };
