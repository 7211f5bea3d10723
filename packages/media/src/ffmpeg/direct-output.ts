import type { ChildProcess } from 'node:child_process';
import { type OnReadOpts, Socket, type SocketConstructorOpts } from 'node:net';
import type { Readable } from 'node:stream';

/** Memory of the reader's own that a tool's output goes into as it comes. */
export interface OutputMemory {
  /** Where the next bytes go; never empty. Nothing is written any more to what was given before. */
  place(): Uint8Array;
  /** So many bytes stand at the beginning of the last place. @returns false when no more shall come until it is resumed. */
  wrote(bytes: number): boolean;
}

/** The stream's end of the pipe. Node hands it from one socket to another in this way, but does not document it. */
interface Piped extends Readable {
  _handle?: unknown;
}
interface PipedOptions extends SocketConstructorOpts {
  readonly handle: unknown;
  readonly onread: OnReadOpts;
}

/**
 * Reads the child's output right into `memory` from now on. Its stream then tells the end alone; it is resumed when there is room
 * again. Node's own streams give every piece of 64 KiB fresh memory, which costs several times what reading it does.
 *
 * To be called in the turn in which the child was started: by the next one Node has begun to read. A child that could not be started
 * is left as it is.
 */
export function readDirectly(child: ChildProcess, memory: OutputMemory): void {
  const before: Piped | null = child.stdout;
  const handle = before?._handle;
  if (!before || !handle) return;
  // What the old stream no longer has it cannot close.
  before._handle = null;
  before.destroy();
  const options: PipedOptions = {
    handle,
    readable: true,
    onread: { buffer: () => memory.place(), callback: (bytes) => memory.wrote(bytes) },
  };
  child.stdout = new Socket(options);
}
