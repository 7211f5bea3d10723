import { PickleDamaged, PickleTruncated } from './pickle-error.js';

/** Lines hold names and numbers as text. Longer ones are an attack on time or memory. */
const LONGEST_LINE_BYTES = 4096;

/** The bytes of a pickle, read from front to back. */
export class PickleBytes {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get position(): number {
    return this.#at;
  }

  take(length: number): Buffer {
    if (this.#at + length > this.#bytes.length) {
      throw new PickleTruncated(`${length} bytes were announced at ${this.#at}`);
    }
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  integer(length: 1 | 2 | 4): number {
    return this.take(length).readUIntLE(0, length);
  }

  long(): number {
    return Number(this.take(8).readBigUInt64LE());
  }

  /** The bytes up to the next line feed, which is dropped. */
  line(): string {
    const rest = this.#bytes.subarray(this.#at, this.#at + LONGEST_LINE_BYTES + 1);
    const length = rest.indexOf(0x0a);
    if (length < 0 && rest.length > LONGEST_LINE_BYTES) throw new PickleDamaged('has a line without an end');
    if (length < 0) throw new PickleTruncated('it ends inside a line');
    this.#at += length + 1;
    return rest.toString('utf8', 0, length);
  }

  /** Reads a line that is a memo's number. */
  memoNumber(): number {
    const digits = this.line();
    if (!/^\d{1,15}$/.test(digits)) throw new PickleDamaged('has a memo without a number');
    return Number(digits);
  }

  /** Whether the pickle contains a text at any place. */
  includes(text: string): boolean {
    return this.#bytes.includes(text);
  }
}
