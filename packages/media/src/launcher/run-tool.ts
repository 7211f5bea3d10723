import { StringDecoder } from 'node:string_decoder';
import { startTool, type ToolExit } from './start-tool.js';

/** So much of what a program says about itself is kept: its end. */
const LOG_CHARACTERS = 20_000;

interface RunOptions {
  /** Ends the program; the outcome tells nothing about it. */
  readonly signal: AbortSignal | undefined;
  /** A program that writes more is ended, with `isTooLong`. */
  readonly mostBytes: number;
  /** Its whole standard input; none unless given. */
  readonly input?: Uint8Array;
  /** Called with each piece of output as text, which is then neither collected nor counted. Returning false ends the program. */
  readonly onText?: (text: string) => boolean;
}

export interface RunOutcome extends ToolExit {
  /** Whether `onText` has ended it. */
  readonly isStopped: boolean;
  readonly isTooLong: boolean;
  readonly stdout: Uint8Array<ArrayBuffer>;
  readonly stderr: string;
}

/**
 * Runs a program by the launcher to its end, or ends it with whatever it has started.
 * @throws JobError `internal`, to be tried again, where the launcher fails. A program that is not there ends with 127.
 */
export async function runTool(words: readonly string[], options: RunOptions): Promise<RunOutcome> {
  const { signal, mostBytes, input, onText } = options;
  const tool = await startTool(words, input === undefined ? {} : { input });
  const stop = (): void => tool.kill();
  signal?.addEventListener('abort', stop, { once: true });
  if (signal?.aborted) stop();
  const pieces: Buffer[] = [];
  const decoder = new StringDecoder('utf8');
  let bytes = 0;
  let isStopped = false;
  let stderr = '';
  const isRead = new Promise<void>((resolve) => tool.stdout.once('close', resolve));
  tool.stdout.on('data', (piece: Buffer) => {
    if (onText) isStopped ||= !onText(decoder.write(piece));
    else {
      bytes += piece.length;
      if (bytes <= mostBytes) pieces.push(piece);
    }
    if (isStopped || bytes > mostBytes) stop();
  });
  tool.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-LOG_CHARACTERS);
  });
  const exit = await tool.ended;
  await isRead;
  signal?.removeEventListener('abort', stop);
  return { ...exit, isStopped, isTooLong: bytes > mostBytes, stdout: joined(pieces), stderr };
}

function joined(pieces: readonly Buffer[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
