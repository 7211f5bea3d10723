import { type FileHandle, open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { JobError } from '@styleflow/contracts';
import { checkpointError } from './checkpoint-error.js';

/** One read call asks for at most this much. (Linux reads at most 2 GiB less a page.) */
const LARGEST_READ_BYTES = 2 ** 30;

/** A file that is read by position. Only what was asked for is in memory. */
export class PositionalFile {
  /** The file's name without its folder, for messages. */
  readonly name: string;
  readonly size: number;
  readonly #handle: FileHandle;

  private constructor(name: string, size: number, handle: FileHandle) {
    this.name = name;
    this.size = size;
    this.#handle = handle;
  }

  /** @throws JobError `invalid_request` when there is no such file or it cannot be read. */
  static async open(path: string): Promise<PositionalFile> {
    let handle: FileHandle | undefined;
    try {
      // Checked before opening, because opening a pipe waits for its writer.
      const kind = await stat(path);
      if (kind.isDirectory()) throw checkpointError(`${path} is a folder: name the checkpoint file in it`);
      if (!kind.isFile()) throw checkpointError(`${path} is not a file`);
      handle = await open(path, 'r');
      const { size } = await handle.stat();
      return new PositionalFile(basename(path), size, handle);
    } catch (error) {
      await handle?.close();
      if (error instanceof JobError) throw error;
      throw checkpointError(`${path} cannot be read: ${reasonOf(error)}`, error);
    }
  }

  /**
   * Reads exactly `length` bytes.
   * @throws an error that names the file when it has fewer.
   */
  async read(position: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    if (!(position >= 0 && length >= 0 && position + length <= this.size)) {
      throw checkpointError(
        `${this.name} is cut short: ${length} bytes at ${position} were expected, the file has ${this.size}`,
      );
    }
    const bytes = new Uint8Array(length);
    for (let filled = 0; filled < length; ) {
      const wanted = Math.min(length - filled, LARGEST_READ_BYTES);
      const { bytesRead } = await this.#handle.read(bytes, filled, wanted, position + filled);
      if (bytesRead === 0) throw checkpointError(`${this.name} became shorter while it was read`);
      filled += bytesRead;
    }
    return bytes;
  }

  /** Like `read`, as a Buffer, whose methods read numbers. */
  async readBuffer(position: number, length: number): Promise<Buffer> {
    return Buffer.from((await this.read(position, length)).buffer);
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}

/** The system's errors for a wrong path, in words. */
const REASONS: ReadonlyMap<unknown, string> = new Map([
  ['ENOENT', 'there is no such file'],
  ['ENOTDIR', 'a part of its path is not a folder'],
  ['ELOOP', 'its symbolic links lead in a circle'],
  ['EACCES', 'this user may not read it'],
]);

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return REASONS.get(code) ?? (error instanceof Error ? error.message : String(error));
}
