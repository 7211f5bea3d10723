import { JobError } from '@styleflow/contracts';
import { endedFromOutside, type FfmpegEnd, type MediaFile, notStarted } from '../ffmpeg/ffmpeg-process.js';
import type { MediaLimits } from '../ffmpeg/media-limits.js';
import type { MediaInfo } from '../probe/media-info.js';
import type { DecodeBudget, DecodedFrame, DecodeOptions } from './decode-frames.js';
import { decodeSteadily } from './decode-steadily.js';
import type { Frame } from './frame.js';
import { FrameClock } from './frame-clock.js';
import { countingRun, groupWindows, SEEK_LEADS, seekingRun, type WindowGroup } from './plan-runs.js';
import type { SamplingWindow } from './plan-windows.js';

/** What a read did, updated while it runs. */
export interface DecodeStats {
  frames: number;
  /** Pictures that the decoder lost or had to patch, for a warning in the result: equal in every run. */
  damaged: number;
  /** Jumps of the time stamps between two frames that follow each other. */
  timeGaps: number;
  /** Time of the last frame, from the first one. */
  lastSeconds: number;
  /** Time spent waiting for ffmpeg, in seconds, without the consumer's own time. */
  decodeSeconds: number;
}

export function emptyDecodeStats(): DecodeStats {
  return { frames: 0, damaged: 0, timeGaps: 0, lastSeconds: 0, decodeSeconds: 0 };
}

export interface ReadFramesOptions {
  /** From `planWindows`, in order of time. */
  readonly windows: readonly SamplingWindow[];
  readonly limits: MediaLimits;
  /** Threads of the decoder, beside those of the caller. */
  readonly threads: number;
  /** So many frames, the newest ones, stay valid while the next is asked for; 1 unless said otherwise. */
  readonly held?: number;
  readonly signal?: AbortSignal;
  readonly stats?: DecodeStats;
}

/**
 * The frames of a video in presentation order. ffmpeg waits while the consumer works, and ends when the loop is left.
 * It takes the memory of the held frames and two more, whatever the length of the video. Frames that cannot be decoded are left out and
 * counted. A frame's pixels are valid until the next one, or as many as are held, are asked for.
 * @throws {JobError} `media_corrupt` when nothing decodes, `decode_timeout`, `canceled`; `internal` (to be tried again)
 * when something from outside ended ffmpeg, since a part of a video must not be taken for the whole.
 */
export async function* readFrames(
  path: string,
  info: MediaInfo,
  options: ReadFramesOptions,
): AsyncGenerator<Frame, void> {
  const stats = options.stats ?? emptyDecodeStats();
  const budget: DecodeBudget = { remainingMs: options.limits.maxDecodeSeconds * 1000 };
  const clock = new FrameClock(info.fps);
  const { threads, limits, signal, held = 1 } = options;
  const onDamage = () => {
    stats.damaged += 1;
  };
  let last: FfmpegEnd | undefined;
  for (const group of groupWindows(options.windows)) {
    const frames = readGroup(path, info, group, { threads, held, limits, budget, signal, onDamage });
    let step = await frames.next();
    let given = 0;
    try {
      for (; !step.done; step = await frames.next()) {
        stats.decodeSeconds = limits.maxDecodeSeconds - budget.remainingMs / 1000;
        const [number, firstFrame, nth] = placeIn(group, given++);
        if (nth === 0) clock.startWindow(firstFrame);
        const { isAfterGap, ...place } = clock.place(step.value.timeStamp);
        stats.frames += 1;
        stats.lastSeconds = place.seconds;
        if (isAfterGap) stats.timeGaps += 1;
        const { width, height } = info;
        yield { ...place, window: number, ...(isAfterGap && { isAfterGap }), width, height, data: step.value.data };
      }
      last = step.value;
    } finally {
      await frames.return(UNKNOWN_END);
    }
    if (last.signal !== null) throw endedFromOutside('ffmpeg', last.signal);
    if (last.isNotStarted) throw notStarted('ffmpeg', last.log);
  }
  if (stats.frames === 0) {
    const message = 'Not one frame of the video can be decoded: it is damaged, encrypted or of an unknown codec.';
    throw new JobError('media_corrupt', message, { cause: last?.log });
  }
}

const UNKNOWN_END: FfmpegEnd = { isNotStarted: false, signal: null, log: '' };

/** The frames of a group: by seeking where that leads to the wanted frame, else by counting from the beginning. */
async function* readGroup(
  path: string,
  info: MediaInfo,
  { windows }: WindowGroup,
  options: DecodeOptions,
): AsyncGenerator<DecodedFrame, FfmpegEnd> {
  const { container: demuxer, skipBytes, needsDeepAnalysis } = info;
  const file: MediaFile = { path, demuxer, skipBytes, needsDeepAnalysis };
  const wanted = windows.map(([, window]) => window);
  for (const lead of SEEK_LEADS) {
    const [window] = wanted;
    const run = window && seekingRun(window, info, lead);
    if (!run) break;
    let isThere = false;
    let damage = 0;
    const onDamage = () => {
      if (isThere) options.onDamage();
      else damage += 1;
    };
    const frames = decodeSteadily(file, info, run, { ...options, onDamage });
    try {
      let step = await frames.next();
      // Something that ended ffmpeg from outside says nothing about the seek.
      if (step.done && (step.value.signal !== null || step.value.isNotStarted)) return step.value;
      if (step.done || !isWanted(step.value, window)) continue;
      isThere = true;
      for (; damage > 0; damage--) options.onDamage();
      for (; !step.done; step = await frames.next()) yield step.value;
      return step.value;
    } finally {
      await frames.return(UNKNOWN_END);
    }
  }
  return yield* decodeSteadily(file, info, countingRun(wanted), options);
}

function isWanted({ timeStamp }: DecodedFrame, { seek }: SamplingWindow): boolean {
  return timeStamp !== null && seek !== null && Math.abs(timeStamp - seek.timeStamp) < seek.timeStamp - seek.from;
}

/** The window of the `given`th frame of a group, the window's first frame, and which one of it this is. */
function placeIn({ windows }: WindowGroup, given: number): [number: number, firstFrame: number, nth: number] {
  let nth = given;
  for (const [number, { firstFrame, frames }] of windows) {
    if (nth < frames) return [number, firstFrame, nth];
    nth -= frames;
  }
  throw new RangeError('ffmpeg gave more frames than were asked for');
}
