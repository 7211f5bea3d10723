import { JobError } from '@styleflow/contracts';
import { abortError, type FfmpegEnd, type MediaFile, startFfmpeg } from '../ffmpeg/ffmpeg-process.js';
import { type MediaLimits, maxCodedPixels } from '../ffmpeg/media-limits.js';
import type { MediaInfo, Rotation } from '../probe/media-info.js';
import { FrameBuffer } from './frame-buffer.js';
import type { SamplingWindow } from './plan-windows.js';
import { TimeStamps } from './time-stamps.js';

/** One frame is with the consumer while two others fill, so that ffmpeg can work at the same time as the consumer. */
const BUFFERED_FRAMES = 3;

const UPRIGHT: Record<Rotation, string> = {
  0: '',
  90: 'transpose=clock,',
  180: 'hflip,vflip,',
  270: 'transpose=cclock,',
};

/**
 * Log lines that are counted as damage, for a warning. ffmpeg writes one of them for each picture of which it had to
 * make up parts, and for each packet that gave no picture. They are counted because they hardly depend on which decoder
 * thread comes first; ffmpeg's other complaints do (README "Damaged pictures").
 */
const DAMAGE = /concealing \d+ DC|^Error while decoding stream|Error submitting packet to decoder/;

/** The time that is left for ffmpeg. Only waiting for ffmpeg is charged to it, not the consumer's own time. */
export interface DecodeBudget {
  remainingMs: number;
}

export interface DecodeOptions {
  readonly threads: number;
  readonly limits: MediaLimits;
  readonly budget: DecodeBudget;
  readonly signal: AbortSignal | undefined;
  readonly onDamage: () => void;
}

export interface DecodedFrame {
  readonly data: Uint8Array;
  /** The container's own time stamp in seconds, not counted from the first frame; null where it has none. */
  readonly timeStamp: number | null;
}

/**
 * Decodes one window with one run of ffmpeg and yields its frames as they come. Whatever ends the loop (break, abort,
 * an error) ends ffmpeg, too. ffmpeg turns the picture upright and scales it to the size in `info`, so all frames have
 * this size even when the stream changes its own midway.
 * @returns how ffmpeg ended.
 * @throws {JobError} `decode_timeout`, `canceled`.
 */
export async function* decodeWindow(
  file: MediaFile,
  info: MediaInfo,
  window: SamplingWindow,
  options: DecodeOptions,
): AsyncGenerator<DecodedFrame, FfmpegEnd> {
  const { budget, signal } = options;
  const stamps = new TimeStamps();
  const buffer = new FrameBuffer(info.width * info.height * 3, BUFFERED_FRAMES);
  let wake = () => {};
  let end: FfmpegEnd | undefined;
  let isDrained = false;
  const run = startFfmpeg(file, {
    input: inputOptions(window, options),
    output: outputOptions(info, window),
    maxCpuSeconds: Math.max(60, (budget.remainingMs / 1000) * Math.max(1, options.threads)),
    onLogLine: (line) => {
      if (stamps.readLine(line)) wake();
      else if (DAMAGE.test(line)) options.onDamage();
    },
  });
  run.stdout.on('data', (chunk: Uint8Array) => {
    if (!buffer.push(chunk)) run.stdout.pause();
    if (buffer.hasFrame) wake();
  });
  run.stdout.on('end', () => {
    isDrained = true;
    wake();
  });
  void run.ended.then((how) => {
    end = how;
    wake();
  });
  const stop = () => {
    run.kill();
    wake();
  };
  signal?.addEventListener('abort', stop, { once: true });
  try {
    while (true) {
      if (signal?.aborted) throw abortError(signal);
      const isOver = end !== undefined && (isDrained || end.signal !== null);
      if (buffer.hasFrame && (stamps.available > 0 || isOver)) {
        const data = buffer.next();
        if (data === undefined) continue;
        if (run.stdout.isPaused()) run.stdout.resume();
        yield { data, timeStamp: stamps.shift() ?? null };
        if (buffer.takeBack() && run.stdout.isPaused()) run.stdout.resume();
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
    run.kill();
    run.stdout.resume(); // What ffmpeg has already written must be read, else its exit is never reported.
    if (end === undefined) await run.ended;
  }
}

function inputOptions(window: SamplingWindow, options: DecodeOptions): string[] {
  const seek = window.startSeconds > 0 ? ['-ss', window.startSeconds.toFixed(6)] : [];
  return [
    ...['-loglevel', 'repeat+info', '-threads', String(options.threads)],
    ...['-max_pixels', String(maxCodedPixels(options.limits)), '-noautorotate', '-copyts', ...seek],
  ];
}

function outputOptions(info: MediaInfo, window: SamplingWindow): string[] {
  const filters = `${UPRIGHT[info.rotation]}scale=${info.width}:${info.height}:flags=bicubic,format=rgb24,showinfo=checksum=0`;
  return [
    ...[
      '-map',
      `0:${info.streamIndex}`,
      '-vf',
      filters,
      '-fps_mode',
      'passthrough',
      '-frames:v',
      String(window.frames),
    ],
    ...['-an', '-sn', '-dn', '-f', 'rawvideo'],
  ];
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
