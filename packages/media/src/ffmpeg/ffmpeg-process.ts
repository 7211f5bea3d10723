import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { PassThrough, type Readable } from 'node:stream';
import { JobError, toJobError } from '@styleflow/contracts';
import ffmpeg from 'fluent-ffmpeg';
import type { Demuxer } from './container-signature.js';

/** util-linux; without it (macOS) the tools run with ffmpeg's own limits only. */
const PRLIMIT = ['/usr/bin/prlimit', '/bin/prlimit'].find((path) => existsSync(path));

/** Address space, not memory in use: threads reserve far more than they touch. Below 1 GiB ffmpeg does not start reliably. */
const ADDRESS_SPACE_BYTES = 6 * 1024 ** 3;
const LOG_TAIL_LINES = 40;
const FFPROBE_STDOUT_BYTES = 1_000_000;

/** The file behind one decoder run, and the only demuxer that may touch it. */
export interface MediaFile {
  readonly path: string;
  readonly demuxer: Demuxer;
}

interface ToolOptions {
  /** CPU seconds after which the kernel ends the tool: the net under the wall clock that the callers keep. */
  readonly maxCpuSeconds: number;
  readonly signal: AbortSignal | undefined;
  /** Takes the output as it comes instead of having it collected; false ends the tool. */
  readonly onStdout?: (text: string) => boolean;
}

/**
 * Options before `-i` that both tools get: one demuxer, local files only. `file:` with an absolute path makes every name
 * harmless (leading dash, `%03d`, `concat:`); `-protocol_whitelist` alone would still let a playlist open other local files.
 */
function inputOptions(file: MediaFile): string[] {
  return ['-protocol_whitelist', 'file,pipe', '-format_whitelist', file.demuxer, '-f', file.demuxer];
}

function fileUrl(file: MediaFile): string {
  return `file:${resolve(file.path)}`;
}

/** `[program, its leading arguments]` that run `tool` under the kernel's limits: no files written, no core, bounded CPU. */
function confine(tool: 'ffmpeg' | 'ffprobe', maxCpuSeconds: number): [string, string[]] {
  if (PRLIMIT === undefined) return [tool, []];
  const cpu = Math.ceil(maxCpuSeconds);
  return [PRLIMIT, [`--as=${ADDRESS_SPACE_BYTES}`, `--cpu=${cpu}`, '--fsize=0', '--core=0', '--', tool]];
}

/** Why a run was stopped: the abort's own reason when it is one of ours, else `canceled`. */
export function abortError(signal: AbortSignal): JobError {
  const reason: unknown = signal.reason;
  return reason instanceof JobError ? reason : new JobError('canceled', 'The job was canceled.', { cause: reason });
}

/** What the kernel's limits or an operator did to a tool: the computing time is the input's fault, all else is not. */
export function endedFromOutside(tool: string, signal: string): JobError {
  if (signal === 'SIGXCPU')
    return new JobError('decode_timeout', 'Decoding the video took more computing time than is allowed.');
  return new JobError('internal', `${tool} was ended by ${signal} before the video's end.`);
}

export function notStarted(tool: string, log: string): JobError {
  return new JobError('internal', `${tool} cannot be started; is it installed?`, { cause: log });
}

/** Exit codes by which prlimit says that it could not run the tool. */
function isStartFailure(exitCode: number | null): boolean {
  return exitCode === 126 || exitCode === 127;
}

export interface ToolOutcome {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs ffprobe to its end. Not through fluent-ffmpeg, whose probe knows neither JSON nor limits nor abort.
 * @throws {JobError} `canceled` on abort, `internal` when ffprobe cannot be started.
 */
export function runFfprobe(file: MediaFile, options: readonly string[], tool: ToolOptions): Promise<ToolOutcome> {
  const [program, leading] = confine('ffprobe', tool.maxCpuSeconds);
  const args = [...leading, '-hide_banner', ...inputOptions(file), ...options, '-i', fileUrl(file)];
  return new Promise((done, failed) => {
    if (tool.signal?.aborted) return failed(abortError(tool.signal));
    const child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      killSignal: 'SIGKILL',
      signal: tool.signal,
    });
    let stdout = '';
    let stderr = '';
    let isStopped = false;
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (!tool.onStdout) stdout += text;
      isStopped ||= tool.onStdout?.(text) === false || stdout.length > FFPROBE_STDOUT_BYTES;
      if (isStopped) child.kill('SIGKILL');
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-20_000);
    });
    child.on('error', (error) => failed(tool.signal?.aborted ? abortError(tool.signal) : toJobError(error)));
    child.on('close', (exitCode, signal) => {
      if (signal !== null && !isStopped) failed(endedFromOutside('ffprobe', signal));
      else if (isStartFailure(exitCode)) failed(notStarted('ffprobe', stderr));
      else done({ exitCode, stdout, stderr });
    });
  });
}

/** How one ffmpeg run ended. `signal` is set when something ended it from outside (ourselves, the kernel's limits, the OOM killer). */
export interface FfmpegEnd {
  /** It never ran: the machine lacks it. */
  readonly isNotStarted: boolean;
  readonly signal: string | null;
  /** The last lines of its log. */
  readonly log: string;
}

export interface FfmpegRun {
  /** ffmpeg's standard output; paused until read, and ffmpeg waits with it. */
  readonly stdout: Readable;
  /** Resolves when ffmpeg has exited; never rejects. */
  readonly ended: Promise<FfmpegEnd>;
  /** Ends it at once; harmless when it has ended, effective even before it was spawned. */
  kill(): void;
}

export interface FfmpegOptions {
  /** Options of the input (before `-i`) and of the output. An entry must not hold exactly one space: fluent-ffmpeg splits it. */
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly maxCpuSeconds: number;
  /** Called with every line of ffmpeg's log as it comes. */
  readonly onLogLine: (line: string) => void;
}

/**
 * Starts ffmpeg through fluent-ffmpeg, its output on standard output.
 * fluent-ffmpeg would first run `ffmpeg -formats` and `-encoders` to check the names it is given; ours are fixed, so both
 * questions are answered here without starting anything. What confines the tool leads the options of the first input.
 */
export function startFfmpeg(file: MediaFile, options: FfmpegOptions): FfmpegRun {
  const [program, leading] = confine('ffmpeg', options.maxCpuSeconds);
  const command = ffmpeg({ stdoutLines: LOG_TAIL_LINES, logger: SILENT })
    .setFfmpegPath(program)
    .input(fileUrl(file))
    .inputOptions([...leading, '-hide_banner', '-nostdin', '-nostats', ...inputOptions(file), ...options.input])
    .outputOptions([...options.output]);
  Object.assign(command, {
    _checkCapabilities: (done: () => void) => done(),
    availableEncoders: (done: (error: null, encoders: object) => void) => done(null, {}),
  });
  // Never destroyed by itself: fluent-ffmpeg takes the output's `close` for an early hang-up and would hide the exit code.
  const stdout = new PassThrough({ autoDestroy: false });
  let killed = false;
  let spawned = false;
  const ended = new Promise<FfmpegEnd>((done) => {
    command.on('end', (_stdout: unknown, log: unknown) =>
      done({ isNotStarted: false, signal: null, log: String(log) }),
    );
    command.on('error', (error: Error, _stdout: unknown, log: unknown) => {
      const signal = /killed with signal (\w+)/.exec(error.message)?.[1] ?? null;
      const exitCode = /exited with code (\d+)/.exec(error.message)?.[1];
      const isNotStarted = signal === null && (exitCode === undefined || isStartFailure(Number(exitCode)));
      done({ isNotStarted, signal, log: typeof log === 'string' ? log : error.message });
    });
  });
  command.on('stderr', options.onLogLine);
  command.on('start', () => {
    spawned = true;
    if (killed) command.kill('SIGKILL');
  });
  command.pipe(stdout);
  return {
    stdout,
    ended,
    kill() {
      if (killed) return;
      killed = true;
      if (spawned) command.kill('SIGKILL');
    },
  };
}

const SILENT = { debug() {}, info() {}, warn() {}, error() {} };
