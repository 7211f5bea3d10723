import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { JobError } from '@styleflow/contracts';
import ffmpeg from 'fluent-ffmpeg';
import { runTool } from '../launcher/run-tool.js';
import { type OutputMemory, startTool } from '../launcher/start-tool.js';
import { type Cage, decodeCage } from './cage.js';
import type { Demuxer } from './container-signature.js';

const LOG_TAIL_LINES = 40;
const FFPROBE_STDOUT_BYTES = 1_000_000;

/** The file that a tool reads, and the only demuxer that may read it. */
export interface MediaFile {
  readonly path: string;
  readonly demuxer: Demuxer;
  /** Length of a vendor's header in front of the container; the tools read from there on. */
  readonly skipBytes: number;
  /**
   * Whether the container's own index counts that header in: its places are those of the whole file, since the header stood
   * there when it was written. Else it was put in front of a finished file.
   */
  readonly countsHeader: boolean;
  /** Whether the tools must read far into the file until they know its streams. */
  readonly needsDeepAnalysis: boolean;
}

/**
 * How far the tools read to know the streams, where their own 5 MB and 5 s are not enough: the first picture may come
 * late, after a cut or long after the sound. What they read they keep in memory.
 */
const DEEP_ANALYSIS = ['-probesize', '100000000', '-analyzeduration', '1200000000'];

interface ToolOptions {
  /**
   * After so many CPU seconds the kernel ends the tool. Callers also limit the time that passes; this holds when they
   * fail.
   */
  readonly maxCpuSeconds: number;
  readonly signal: AbortSignal | undefined;
  /** Default: that of this machine. */
  readonly cage?: Cage;
  /** Called with each piece of output, which is then not collected. Returning false ends the tool. */
  readonly onStdout?: (text: string) => boolean;
}

/**
 * Options before `-i` for both tools: one demuxer, local files only. The demuxer is restricted as well as the protocol,
 * because a playlist could still open other local files. The file itself is given as `file:` with an absolute path (see
 * `fileUrl`), so that nothing in a name has a meaning: no leading dash, no `%03d`, no `concat:`.
 */
export function inputOptions(file: MediaFile): string[] {
  const protocols = isCutOff(file) ? 'subfile,file,pipe' : 'file,pipe';
  return [
    ...['-protocol_whitelist', protocols, '-format_whitelist', file.demuxer, '-f', file.demuxer],
    ...(file.countsHeader ? ['-skip_initial_bytes', String(file.skipBytes)] : []),
    ...(file.needsDeepAnalysis ? DEEP_ANALYSIS : []),
  ];
}

/** Whether the tools are given the file without its header: they then take the container's beginning for the file's. */
function isCutOff({ skipBytes, countsHeader }: MediaFile): boolean {
  return skipBytes > 0 && !countsHeader;
}

export function fileUrl(file: MediaFile): string {
  const url = `file:${resolve(file.path)}`;
  return isCutOff(file) ? `subfile,,start,${file.skipBytes},end,0,,:${url}` : url;
}

/** The error for a run that was aborted: the signal's reason when it is a JobError, else `canceled`. */
export function abortError(signal: AbortSignal): JobError {
  const reason: unknown = signal.reason;
  return reason instanceof JobError ? reason : new JobError('canceled', 'The job was canceled.', { cause: reason });
}

/** The error for a tool that a signal ended. Too much CPU time is the input's fault; everything else is not. */
export function endedFromOutside(tool: string, signal: string): JobError {
  if (signal === 'SIGXCPU')
    return new JobError('decode_timeout', 'Decoding the video took more computing time than is allowed.');
  return new JobError('internal', `${tool} was ended by ${signal} before the video's end.`);
}

export function notStarted(tool: string, log: string): JobError {
  return new JobError('internal', `${tool} cannot be started; is it installed?`, { cause: log, away: 'programs' });
}

/** The programs of the cage end with these exit codes when they could not start the tool. */
export function isStartFailure(exitCode: number | null): boolean {
  return exitCode === 126 || exitCode === 127;
}

export interface ToolOutcome {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs ffprobe to its end, or ends it with whatever it has started. It does not use fluent-ffmpeg's probe, which has no JSON output, no limits and no abort.
 * @throws {JobError} `canceled` on abort, `internal` when ffprobe cannot be started.
 */
export async function runFfprobe(file: MediaFile, options: readonly string[], tool: ToolOptions): Promise<ToolOutcome> {
  const { signal, onStdout } = tool;
  if (signal?.aborted) throw abortError(signal);
  const [program, leading] = (tool.cage ?? decodeCage()).inside('ffprobe', tool.maxCpuSeconds);
  const words = [program, ...leading, '-hide_banner', ...inputOptions(file), ...options, '-i', fileUrl(file)];
  const how = await runTool(words, { signal, mostBytes: FFPROBE_STDOUT_BYTES, ...(onStdout && { onText: onStdout }) });
  if (signal?.aborted) throw abortError(signal);
  if (how.signal !== null && !how.isStopped && !how.isTooLong) throw endedFromOutside('ffprobe', how.signal);
  if (isStartFailure(how.exitCode)) throw notStarted('ffprobe', how.stderr);
  return { exitCode: how.exitCode, stdout: Buffer.from(how.stdout.buffer).toString('utf8'), stderr: how.stderr };
}

/**
 * How one run of ffmpeg ended. `signal` is set when it was ended from outside: by us, a kernel limit or the OOM killer.
 */
export interface FfmpegEnd {
  /** Whether it could not be started, as where it is not installed. */
  readonly isNotStarted: boolean;
  readonly signal: string | null;
  /** The last lines of its log. */
  readonly log: string;
}

export interface FfmpegRun {
  /** ffmpeg's standard output, or with `memory` its end alone. ffmpeg waits while nobody reads it. */
  readonly stdout: Readable;
  /** Goes on writing into `memory`, which has room again. */
  readOn(): void;
  /** Resolves when ffmpeg has exited and its log was read; never rejects. */
  readonly ended: Promise<FfmpegEnd>;
  /** Ends it at once, with whatever it has started. It may be called after the end. */
  kill(): void;
}

export interface FfmpegOptions {
  /**
   * Options of the input (before `-i`) and of the output. fluent-ffmpeg splits one of the output that holds exactly one space.
   */
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly maxCpuSeconds: number;
  /** Default: that of this machine. */
  readonly cage?: Cage;
  /** Where its output goes; without it through `stdout`. Nothing is written to it after `kill`. */
  readonly memory?: OutputMemory;
  /** Called with every line of ffmpeg's log as it comes. */
  readonly onLogLine: (line: string) => void;
}

/**
 * Starts ffmpeg with its output on standard output, by the command line that fluent-ffmpeg writes for it. The arguments that confine the
 * tool come before all others.
 * @throws JobError `internal`, to be tried again, where the launcher fails; a tool that is not there ends with `isNotStarted`.
 */
export async function startFfmpeg(file: MediaFile, options: FfmpegOptions): Promise<FfmpegRun> {
  const [program, leading] = (options.cage ?? decodeCage()).inside('ffmpeg', options.maxCpuSeconds);
  const command = ffmpeg()
    .input(fileUrl(file))
    .inputOptions('-hide_banner', '-nostdin', '-nostats', ...inputOptions(file), ...options.input)
    .outputOptions([...options.output])
    .output('pipe:1') as ffmpeg.FfmpegCommand & { _getArguments(): string[] };
  const { memory } = options;
  const tool = await startTool(
    [program, ...leading, ...command._getArguments()],
    memory === undefined ? {} : { memory },
  );
  const log: string[] = [];
  let rest = '';
  const take = (line: string): void => {
    log.push(line);
    if (log.length > LOG_TAIL_LINES) log.shift();
    options.onLogLine(line);
  };
  tool.stderr.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split(/\r\n|\r|\n/);
    rest = lines.pop() ?? '';
    for (const line of lines) take(line);
  });
  return {
    stdout: tool.stdout,
    readOn() {
      tool.stdout.resume();
    },
    ended: tool.ended.then(({ exitCode, signal }) => {
      if (rest !== '') take(rest);
      return { isNotStarted: isStartFailure(exitCode), signal, log: log.join('\n') };
    }),
    kill: () => tool.kill(),
  };
}
