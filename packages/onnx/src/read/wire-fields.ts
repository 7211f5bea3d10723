import { checkpointError, type PositionalFile } from '@styleflow/files';

/** One field of a protobuf message that lies in a file. Its content is not read. */
export interface WireField {
  readonly number: number;
  /** Where the field's tag begins. */
  readonly start: number;
  /** Where the content begins: behind the length of a length-delimited field. */
  readonly contentStart: number;
  readonly end: number;
  /** The value of a varint field; undefined for other fields. */
  readonly value: bigint | undefined;
}

const VARINT = 0;
const FIXED_64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED_32 = 5;
const LONGEST_VARINT = 10;

/**
 * Walks over the fields of protobuf messages in a file. It reads only tags and lengths, so that it passes over weights
 * of gigabytes. It throws on whatever cannot be right: fields that reach beyond their message, unknown wire types.
 */
export class WireReader {
  static readonly #WINDOW_BYTES = 2 ** 16;
  readonly #file: PositionalFile;
  #window = new Uint8Array();
  #windowStart = 0;

  constructor(file: PositionalFile) {
    this.#file = file;
  }

  /** @throws JobError `invalid_request` when the bytes from `start` to `end` are no protobuf message. */
  async *fields(start: number, end: number): AsyncGenerator<WireField> {
    for (let at = start; at < end; ) {
      const tag = await this.#varint(at, end);
      const number = Number(tag.value >> 3n);
      const wireType = Number(tag.value & 7n);
      if (number < 1 || number > 2 ** 29) throw this.#damaged(at, `field ${number}`);
      const field = await this.#content(at, tag.end, end, number, wireType);
      if (field.end > end)
        throw this.#damaged(
          at,
          `a field of ${field.end - field.contentStart} bytes where ${end - field.contentStart} are left`,
        );
      yield field;
      at = field.end;
    }
  }

  async #content(start: number, at: number, end: number, number: number, wireType: number): Promise<WireField> {
    const fixed = (length: number): WireField => ({
      number,
      start,
      contentStart: at,
      end: at + length,
      value: undefined,
    });
    if (wireType === FIXED_32) return fixed(4);
    if (wireType === FIXED_64) return fixed(8);
    const varint = wireType === VARINT || wireType === LENGTH_DELIMITED ? await this.#varint(at, end) : undefined;
    if (!varint) throw this.#damaged(start, `wire type ${wireType}`);
    if (wireType === VARINT) return { number, start, contentStart: at, end: varint.end, value: varint.value };
    return { number, start, contentStart: varint.end, end: varint.end + Number(varint.value), value: undefined };
  }

  async #varint(at: number, end: number): Promise<{ value: bigint; end: number }> {
    if (at < this.#windowStart || at + LONGEST_VARINT > this.#windowStart + this.#window.length) {
      this.#window = await this.#file.read(at, Math.min(WireReader.#WINDOW_BYTES, this.#file.size - at));
      this.#windowStart = at;
    }
    let value = 0n;
    for (let index = 0; index < LONGEST_VARINT && at + index < end; index++) {
      const byte = this.#window[at + index - this.#windowStart] ?? 0;
      value |= BigInt(byte & 0x7f) << BigInt(7 * index);
      if (byte < 0x80) return { value, end: at + index + 1 };
    }
    throw this.#damaged(at, 'a number that does not end');
  }

  #damaged(at: number, what: string) {
    return checkpointError(`${this.#file.name} is no ONNX model or is cut short: there is ${what} at byte ${at}`);
  }
}
