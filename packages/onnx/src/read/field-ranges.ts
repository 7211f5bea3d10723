import { checkpointError, type PositionalFile } from '@styleflow/files';
import type { FileRange } from './model-pieces.js';
import type { WireField } from './wire-fields.js';

/**
 * Where some fields of a message lie in their file, neighbours as one range. The ranges put together are a message
 * again.
 */
export class FieldRanges {
  readonly file: PositionalFile;
  readonly ranges: FileRange[] = [];
  readonly #largestBytes: number;
  #bytes = 0;

  constructor(file: PositionalFile, largestBytes: number) {
    this.file = file;
    this.#largestBytes = largestBytes;
  }

  /** @throws JobError `invalid_request` when there are more bytes than may be read into memory. */
  add({ start, end }: WireField): void {
    this.#bytes += end - start;
    if (this.#bytes > this.#largestBytes) {
      throw checkpointError(
        `${this.file.name} has more than ${this.#largestBytes} bytes beside its weights: weights must be initializers, not Constant nodes`,
      );
    }
    const last = this.ranges.at(-1);
    if (last && last.start + last.byteLength === start) {
      this.ranges[this.ranges.length - 1] = { ...last, byteLength: end - last.start };
    } else {
      this.ranges.push({ file: this.file, start, byteLength: end - start });
    }
  }

  async read(): Promise<Uint8Array> {
    const bytes = new Uint8Array(this.#bytes);
    let filled = 0;
    for (const { start, byteLength } of this.ranges) {
      bytes.set(await this.file.read(start, byteLength), filled);
      filled += byteLength;
    }
    return bytes;
  }
}
