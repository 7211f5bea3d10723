import { JobError } from '@styleflow/contracts';
import { abortError, type FfmpegEnd, type MediaFile, startFfmpeg } from '../ffmpeg/ffmpeg-process.js';
import type { MediaLimits } from '../ffmpeg/media-limits.js';
import type { FramePixels } from '../pixels/frame-pixels.js';
import type { MediaInfo } from '../probe/media-info.js';
import { type DecodeRun, fileFrom, inputOptions, outputOptions } from './decode-arguments.js';
import { FrameBuffer } from './frame-buffer.js';
import { bytesOf, type FrameForm, readPixels } from './frame-form.js';
import { FrameLog } from './frame-log.js';

/** While the consumer has its frames two others fill, so that ffmpeg can work at the same time. */
const FILLING_FRAMES = 2;

/**
 * Log lines that are counted as damage, for a warning. ffmpeg writes one of them for each picture of which it had to
 * make up parts, and for each packet that gave no picture.
 */
const DAMAGE = /concealing \d+ DC|^Error while decoding stream|Error submitting packet to decoder/;

/** How a run ends that is ended because it has given what was asked for. */
const ENOUGH: FfmpegEnd = { isNotStarted: false, signal: null, log: '' };

/** The time that is left for ffmpeg. Only waiting for ffmpeg is charged to it, not the consumer's own time. */
export interface DecodeBudget {
  remainingMs: number;
}

export interface DecodeOptions {
  /** How pixels come through the pipe. */
  readonly form: FrameForm;
  readonly threads: number;
  /** So many frames, the newest ones, stay valid. */
  readonly held: number;
  /** Gives memory of so many bytes for the frames of a run. */
  readonly memory: (bytes: number) => Uint8Array;
  readonly limits: MediaLimits;
  readonly budget: DecodeBudget;
  readonly signal: AbortSignal | undefined;
  readonly onDamage: () => void;
  /** Told of a picture that cannot come in this form; the run ends before it. */
  readonly onOtherForm: () => void;
}

export interface DecodedFrame {
  readonly pixels: FramePixels;
  /** The container's own time stamp in seconds, not counted from the first frame; null where it has none. */
  readonly timeStamp: number | null;
}

/**
 * Decodes with one run of ffmpeg and yields the frames as they come. Whatever ends the loop (break, abort, an error) ends
 * ffmpeg, too. All frames have the size in `info`, even when the stream changes its own midway.
 * @returns how ffmpeg ended.
 * @throws {JobError} `decode_timeout`, `canceled`.
 */
export async function* decodeFrames(
  file: MediaFile,
  info: MediaInfo,
  run: DecodeRun,
  options: DecodeOptions,
): AsyncGenerator<DecodedFrame, FfmpegEnd> {
  const { budget, signal, form } = options;
  const log = new FrameLog();
  const inRing = FILLING_FRAMES + options.held;
  const buffer = new FrameBuffer(options.memory(bytesOf(info, form) * inRing), inRing, options.held);
  /** Number of the first frame to give, among those that ffmpeg gives; null until it is known. */
  const first = (): number | null => (run.fromByte === null ? 0 : log.firstKey);
  const isWithin = (frame: number): boolean => {
    const from = first();
    return from !== null && frame >= from && frame < from + run.frames;
  };
  let taken = 0;
  let wake = () => {};
  let end: FfmpegEnd | undefined;
  let isDrained = false;
  let isPaused = false;
  const ffmpeg = await startFfmpeg(fileFrom(file, run), {
    input: inputOptions(run, options),
    output: outputOptions(info, run, form),
    maxCpuSeconds: Math.max(60, (budget.remainingMs / 1000) * Math.max(1, options.threads)),
    memory: {
      place: () => buffer.place(),
      wrote(bytes) {
        isPaused = !buffer.wrote(bytes);
        if (buffer.hasFrame) wake();
        return !isPaused;
      },
    },
    onLogLine: (line) => {
      if (log.readLine(line)) wake();
      // Of several threads one may write into the line of another.
      if (isWithin(log.read) && DAMAGE.test(line)) options.onDamage();
    },
  });
  ffmpeg.stdout.on('end', () => {
    isDrained = true;
    wake();
  });
  ffmpeg.stdout.resume();
  const readOn = () => {
    if (!isPaused || !buffer.wantsMore) return;
    isPaused = false;
    ffmpeg.readOn();
  };
  void ffmpeg.ended.then((how) => {
    end = how;
    wake();
  });
  const stop = () => {
    ffmpeg.kill();
    wake();
  };
  signal?.addEventListener('abort', stop, { once: true });
  try {
    while (true) {
      if (signal?.aborted) throw abortError(signal);
      const isOver = end !== undefined && (isDrained || end.signal !== null);
      if (isOver) log.end();
      if (buffer.hasFrame && (log.available > 0 || isOver)) {
        const data = buffer.next();
        if (data === undefined) continue;
        readOn();
        const { timeStamp, picture } = log.shift() ?? { timeStamp: null, picture: null };
        const number = taken++;
        if (isWithin(number)) {
          const pixels = readPixels(data, info, form, picture);
          if (pixels === null) {
            options.onOtherForm();
            return ENOUGH;
          }
          yield { pixels, timeStamp };
        } else if (first() !== null && number >= (first() ?? 0)) return ENOUGH;
        buffer.takeBack();
        readOn();
      } else if (isOver && end !== undefined) {
        return end;
      } else {
        await waitWithin(budget, (resume) => {
          wake = resume;
        });
      }
    }
  } finally {
    signal?.removeEventListener('abort', stop);
    ffmpeg.kill();
    if (end === undefined) await ffmpeg.ended;
  }
}

/** Waits until `resume` is called, and charges the time to the budget. */
async function waitWithin(budget: DecodeBudget, onWake: (resume: () => void) => void): Promise<void> {
  const started = performance.now();
  const isTimedOut = await new Promise<boolean>((done) => {
    const timer = setTimeout(() => done(true), Math.min(budget.remainingMs, 2 ** 31 - 1));
    onWake(() => {
      clearTimeout(timer);
      done(false);
    });
  });
  budget.remainingMs -= performance.now() - started;
  if (isTimedOut || budget.remainingMs <= 0)
    throw new JobError('decode_timeout', 'Decoding the video took longer than is allowed.');
}
