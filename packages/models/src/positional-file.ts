import { type FileHandle, open } from 'node:fs/promises';
import { basename } from 'node:path';
import { checkpointError } from './checkpoint-error.js';

/** A file read by position: nothing is in memory but what was asked for. */
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
      handle = await open(path, 'r');
      const facts = await handle.stat();
      if (!facts.isFile()) throw checkpointError(`${path} is not a file`);
      return new PositionalFile(basename(path), facts.size, handle);
    } catch (error) {
      await handle?.close();
      throw checkpointError(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`, error);
    }
  }

  /** Exactly `length` bytes; fewer are an error that names the file. */
  async read(position: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    if (position < 0 || length < 0 || position + length > this.size) {
      throw checkpointError(
        `${this.name} is cut short: ${length} bytes at ${position} were expected, the file has ${this.size}`,
      );
    }
    const bytes = new Uint8Array(length);
    for (let filled = 0; filled < length; ) {
      const { bytesRead } = await this.#handle.read(bytes, filled, length - filled, position + filled);
      if (bytesRead === 0) throw checkpointError(`${this.name} became shorter while it was read`);
      filled += bytesRead;
    }
    return bytes;
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}
