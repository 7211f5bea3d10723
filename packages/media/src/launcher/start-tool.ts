import { constants, openSync, rmSync } from 'node:fs';
import { type OnReadOpts, Socket } from 'node:net';
import { constants as system } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { threadId } from 'node:worker_threads';
import { JobError } from '@styleflow/contracts';
import { feedTool } from './feed-tool.js';
import { launcherLine } from './launcher-line.js';
import { EMPTY_INPUT, NAMED_PIPE } from './shell-program.js';

/** Memory of the reader's own that a tool's output goes into as it comes. */
export interface OutputMemory {
  /** Where the next bytes go; never empty. Nothing is written any more to what was given before. */
  place(): Uint8Array;
  /** So many bytes stand at the beginning of the last place. @returns false when no more shall come until it is resumed. */
  wrote(bytes: number): boolean;
}

export interface ToolOptions {
  /** Its whole standard input; none unless given. */
  readonly input?: Uint8Array;
  /** Where its standard output goes; the stream then tells the end alone, and is resumed when there is room again. */
  readonly memory?: OutputMemory;
}

/** How a program ended: one of both is null. */
export interface ToolExit {
  readonly exitCode: number | null;
  readonly signal: string | null;
}

export interface StartedTool {
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Resolves when it has exited and `stderr`, which must be read, has ended. Never rejects. What is left of its group has ended, too. */
  readonly ended: Promise<ToolExit>;
  /**
   * Ends it at once, with whatever it has started in its group, and closes the pipes on our side, so that nobody waits for what has left
   * that group and holds their other ends. Harmless after its end.
   */
  kill(): void;
}

/** The shell tells an end by a signal as 128 and the signal's number. What ffmpeg ends with itself is far from these. */
const SIGNALS = new Map(Object.entries(system.signals).map(([name, number]) => [128 + number, name]));

/** Of a program whose launcher was ended: whether it runs on nobody can tell, so it is ended. */
const LOST: ToolExit = { exitCode: null, signal: 'SIGKILL' };

let runs = 0;

/**
 * Starts a program by the launcher.
 * @param words the program and its arguments. A group of its own, which `setsid` among them gives it, is ended with it.
 * @throws JobError `internal`, to be tried again, where the launcher fails. A program that is not there ends with 127.
 */
export async function startTool(words: readonly string[], options: ToolOptions = {}): Promise<StartedTool> {
  const run = `${threadId}-${runs++}`;
  const { pid, folder, exit } = await order(run, options.input === undefined ? EMPTY_INPUT : NAMED_PIPE, words);
  const place = (end: string): string => join(folder, `${run}.${end}`);
  let hasExited = false;
  const endAll = (): void => {
    endQuietly(-pid);
    // Before `setsid` has run there is no such group, and where it is not installed there never is one.
    if (!hasExited) endQuietly(pid);
  };
  const pipes: Socket[] = [];
  // To open them waits for nothing; the program waits, for each of them.
  const open = (end: string, how: Partial<ReadDirectly> = {}): Socket => {
    const fd = openSync(place(end), constants.O_RDONLY | constants.O_NONBLOCK);
    const socket = new Socket({ fd, readable: true, writable: false, ...how });
    pipes.push(socket);
    return socket;
  };
  try {
    const stdout = open('out', directly(options.memory));
    const stderr = open('err');
    const stopFeeding = options.input === undefined ? undefined : feedTool(place('in'), options.input);
    const isRead = new Promise<void>((resolve) => stderr.once('close', resolve));
    const ended = exit.then(async (how) => {
      hasExited = how !== LOST;
      // The group's number stays taken as long as anything is in it.
      endAll();
      stopFeeding?.();
      for (const end of ['in', 'out', 'err']) rmSync(place(end), { force: true });
      await isRead;
      return how;
    });
    return {
      stdout,
      stderr,
      ended,
      kill() {
        endAll();
        stopFeeding?.();
        for (const pipe of pipes) pipe.destroy();
      },
    };
  } catch (error) {
    endAll();
    for (const pipe of pipes) pipe.destroy();
    throw error;
  }
}

interface Ordered {
  readonly pid: number;
  readonly folder: string;
  readonly exit: Promise<ToolExit>;
}

function order(run: string, input: string, words: readonly string[]): Promise<Ordered> {
  return new Promise((resolve, reject) => {
    let exited: (exit: ToolExit) => void = () => undefined;
    const exit = new Promise<ToolExit>((tell) => {
      exited = tell;
    });
    launcherLine().start(run, input, words, ([word, number], folder) => {
      switch (word) {
        case 'started':
          return resolve({ pid: number, folder, exit });
        case 'ended':
          return exited(exitOf(number));
        case 'refused':
          return reject(cannotStart(`${folder} takes no named pipe`));
        case 'gone':
          exited(LOST);
          return reject(cannotStart('the launcher was ended from outside'));
      }
    });
  });
}

/** It is the worker's fault, which does nothing else meanwhile. */
function cannotStart(reason: string): JobError {
  return new JobError('internal', `No program can be started: ${reason}.`, { away: 'programs' });
}

function exitOf(status: number): ToolExit {
  const signal = SIGNALS.get(status);
  return signal === undefined ? { exitCode: status, signal: null } : { exitCode: null, signal };
}

interface ReadDirectly {
  readonly onread: OnReadOpts;
}

/** Node's own streams give every piece fresh memory, which costs several times what reading it does. */
function directly(memory: OutputMemory | undefined): Partial<ReadDirectly> {
  if (memory === undefined) return {};
  return { onread: { buffer: () => memory.place(), callback: (bytes) => memory.wrote(bytes) } };
}

/** @param pid a negative one is a group's. */
function endQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Nothing of it is there, as after every run of an honest program.
  }
}
