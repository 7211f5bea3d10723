/** The pickle goes on past the bytes given. */
export class PickleTruncated extends Error {
  override readonly name = 'PickleTruncated';
}

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
    if (this.#at + length > this.#bytes.length) throw new PickleTruncated('the pickle is cut short');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  integer(length: 1 | 2 | 4): number {
    return this.take(length).readUIntLE(0, length);
  }

  long(): number {
    return Number(this.take(8).readBigUInt64LE());
  }

  line(): string {
    const end = this.#bytes.indexOf(0x0a, this.#at);
    if (end < 0) throw new PickleTruncated('the pickle is cut short');
    const text = this.#bytes.toString('utf8', this.#at, end);
    this.#at = end + 1;
    return text;
  }
}

/**
 * The value of an opcode that stands for itself (number, text, bytes). Undefined for all other opcodes; of the two that
 * frame a pickle (PROTO, FRAME) the operand is skipped.
 */
export function readLiteral(opcode: number, bytes: PickleBytes): unknown {
  switch (opcode) {
    case 0x80: // PROTO
      bytes.take(1);
      return undefined;
    case 0x95: // FRAME
      bytes.take(8);
      return undefined;
    case 0x4e: // NONE
      return null;
    case 0x88: // NEWTRUE
      return true;
    case 0x89: // NEWFALSE
      return false;
    case 0x4a: // BININT
      return bytes.take(4).readInt32LE();
    case 0x4b: // BININT1
      return bytes.integer(1);
    case 0x4d: // BININT2
      return bytes.integer(2);
    case 0x8a: // LONG1
      return signedInteger(bytes.take(bytes.integer(1)));
    case 0x47: // BINFLOAT
      return bytes.take(8).readDoubleBE();
    case 0x58: // BINUNICODE
      return bytes.take(bytes.integer(4)).toString('utf8');
    case 0x8c: // SHORT_BINUNICODE
      return bytes.take(bytes.integer(1)).toString('utf8');
    case 0x8d: // BINUNICODE8
      return bytes.take(bytes.long()).toString('utf8');
    case 0x54: // BINSTRING
      return bytes.take(bytes.integer(4)).toString('latin1');
    case 0x55: // SHORT_BINSTRING
      return bytes.take(bytes.integer(1)).toString('latin1');
    case 0x42: // BINBYTES
      return Uint8Array.from(bytes.take(bytes.integer(4)));
    case 0x43: // SHORT_BINBYTES
      return Uint8Array.from(bytes.take(bytes.integer(1)));
    case 0x8e: // BINBYTES8
    case 0x96: // BYTEARRAY8
      return Uint8Array.from(bytes.take(bytes.long()));
    default:
      return undefined;
  }
}

/** Little-endian two's complement; a number where it is exact. */
function signedInteger(bytes: Buffer): number | bigint {
  if (bytes.length === 0) return 0;
  const hex = Buffer.from(bytes).reverse().toString('hex');
  const value = BigInt.asIntN(8 * bytes.length, BigInt(`0x${hex}`));
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
}
