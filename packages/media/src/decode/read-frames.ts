import { JobError } from '@styleflow/contracts';
import { endedFromOutside, type FfmpegEnd, notStarted } from '../ffmpeg/ffmpeg-process.js';
import type { MediaLimits } from '../ffmpeg/media-limits.js';
import { type MediaInfo, probedFile } from '../probe/media-info.js';
import type { DecodeBudget, DecodedFrame, DecodeOptions } from './decode-frames.js';
import { decodeSteadily } from './decode-steadily.js';
import type { Frame } from './frame.js';
import { FrameClock } from './frame-clock.js';
import { countingRun, groupWindows, isCounted, type Shortcut, shortcutsTo, type WindowGroup } from './plan-runs.js';
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
  /**
   * Gives memory of so many bytes, whatever stands in it, for the frames of one run of ffmpeg; a read may take several runs. Its owner
   * knows when nobody looks at them any more. Without it each run has fresh memory.
   */
  readonly memory?: (bytes: number) => Uint8Array;
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
  const { threads, limits, signal, held = 1, memory = (bytes) => new Uint8Array(bytes) } = options;
  const onDamage = () => {
    stats.damaged += 1;
  };
  let last: FfmpegEnd | undefined;
  for (const group of groupWindows(options.windows)) {
    const frames = readGroup(path, info, group, { threads, held, memory, limits, budget, signal, onDamage });
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
        yield { ...place, window: number, ...(isAfterGap && { isAfterGap }), width, height, pixels: step.value.pixels };
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

/** The frames of a group: by a shortcut that leads to the wanted frame, else by counting from the beginning. */
async function* readGroup(
  path: string,
  info: MediaInfo,
  { windows }: WindowGroup,
  options: Omit<DecodeOptions, 'form' | 'onOtherForm'>,
): AsyncGenerator<DecodedFrame, FfmpegEnd> {
  const file = probedFile(path, info);
  const wanted = windows.map(([, window]) => window);
  for (const shortcut of wanted[0] ? shortcutsTo(wanted[0], info) : []) {
    let isThere = false;
    let damage = 0;
    const onDamage = () => {
      if (isThere) options.onDamage();
      else damage += 1;
    };
    // Of what is damaged before the first frame, more or less is told with several threads, by their turns.
    const threads = shortcut.run.fromByte === null ? options.threads : 1;
    const frames = decodeSteadily(file, info, shortcut.run, { ...options, threads, onDamage });
    try {
      let step = await frames.next();
      // Something that ended ffmpeg from outside says nothing about the way.
      if (step.done && (step.value.signal !== null || step.value.isNotStarted)) return step.value;
      if (step.done) continue;
      const ahead = clockAhead(step.value, shortcut);
      if (ahead === null) continue;
      isThere = true;
      for (; damage > 0; damage--) options.onDamage();
      for (let passed = 0; !step.done; step = await frames.next(), passed++) {
        const { pixels, timeStamp } = step.value;
        if (passed >= shortcut.framesBefore) yield { pixels, timeStamp: timeStamp === null ? null : timeStamp + ahead };
      }
      return step.value;
    } finally {
      await frames.return(UNKNOWN_END);
    }
  }
  const run = countingRun(wanted, info);
  const frames = decodeSteadily(file, info, run, options);
  try {
    for (let n = 0; ; n++) {
      const step = await frames.next();
      if (step.done) return step.value;
      if (isCounted(wanted, run, n)) yield step.value;
    }
  } finally {
    await frames.return(UNKNOWN_END);
  }
}

/** The clock of transport and program streams begins anew after 26.5 hours; who enters later does not know of it. */
const CLOCK_ROUND_SECONDS = 2 ** 33 / 90_000;

/** How many seconds are to be added to time stamps, if this is the frame that the shortcut leads to; null if not. */
function clockAhead({ timeStamp }: DecodedFrame, shortcut: Shortcut): number | null {
  if (timeStamp === null) return null;
  const difference = shortcut.timeStamp - timeStamp;
  const rounds = Math.round(difference / CLOCK_ROUND_SECONDS) * CLOCK_ROUND_SECONDS;
  return Math.abs(difference - rounds) < shortcut.tolerance ? rounds : null;
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
