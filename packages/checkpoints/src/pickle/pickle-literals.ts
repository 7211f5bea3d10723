import type { PickleBytes } from './pickle-bytes.js';
import { PickleDamaged } from './pickle-error.js';

/** Longest integer as text. Python's own limit is 4300 digits; a checkpoint has nothing longer than a hash. */
const LONGEST_INTEGER_BYTES = 1024;

/**
 * The value of an opcode that stands for itself (number, text, bytes); undefined for other opcodes. After the two
 * opcodes that frame a pickle (PROTO, FRAME) the operand is skipped.
 */
export function readLiteral(opcode: number, bytes: PickleBytes): unknown {
  switch (opcode) {
    case 0x80: // PROTO
      return skipProtocol(bytes.integer(1));
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
    case 0x8b: // LONG4
      return longInteger(bytes);
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
      return new Uint8Array(bytes.take(bytes.integer(4)));
    case 0x43: // SHORT_BINBYTES
      return new Uint8Array(bytes.take(bytes.integer(1)));
    case 0x8e: // BINBYTES8
    case 0x96: // BYTEARRAY8
      return new Uint8Array(bytes.take(bytes.long()));
    default:
      return readTextLiteral(opcode, bytes);
  }
}

/** Reads the literals of protocol 0, whose operands are lines of text. */
function readTextLiteral(opcode: number, bytes: PickleBytes): unknown {
  switch (opcode) {
    case 0x49: {
      // INT: protocols before 2 write booleans as 01 and 00.
      const digits = bytes.line();
      return digits === '01' ? true : digits === '00' ? false : decimalInteger(digits);
    }
    case 0x4c: // LONG
      return decimalInteger(bytes.line().replace(/L$/, ''));
    case 0x46: // FLOAT
      return decimalNumber(bytes.line());
    case 0x53: // STRING
      return quotedText(bytes.line());
    case 0x56: // UNICODE
      return unescapedText(bytes.line());
    default:
      return undefined;
  }
}

function skipProtocol(version: number): undefined {
  if (version > 5) throw new PickleDamaged(`has protocol ${version}; 5 is the newest`);
  return undefined;
}

function longInteger(bytes: PickleBytes): number | bigint {
  const length = bytes.integer(4);
  if (length > LONGEST_INTEGER_BYTES) throw new PickleDamaged(`has a number of ${length} bytes`);
  return signedInteger(bytes.take(length));
}

/** Little-endian two's complement, as a number if that is exact. */
function signedInteger(bytes: Buffer): number | bigint {
  if (bytes.length === 0) return 0;
  const hex = Buffer.from(bytes).reverse().toString('hex');
  return narrowed(BigInt.asIntN(8 * bytes.length, BigInt(`0x${hex}`)));
}

function decimalInteger(digits: string): number | bigint {
  if (!/^[+-]?\d+$/.test(digits) || digits.length > LONGEST_INTEGER_BYTES) {
    throw new PickleDamaged(`has the number ${JSON.stringify(digits.slice(0, 20))}`);
  }
  return narrowed(BigInt(digits.replace(/^\+/, '')));
}

function narrowed(value: bigint): number | bigint {
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
}

function decimalNumber(digits: string): number {
  const named = /^([+-]?)(inf|nan)$/i.exec(digits);
  if (named) return named[2]?.toLowerCase() === 'nan' ? Number.NaN : Number(`${named[1]}Infinity`);
  const value = Number(digits);
  if (digits.trim() === '' || Number.isNaN(value)) {
    throw new PickleDamaged(`has the number ${JSON.stringify(digits.slice(0, 20))}`);
  }
  return value;
}

function quotedText(line: string): string {
  const quoted = /^(['"])(.*)\1$/s.exec(line.trimEnd());
  if (!quoted) throw new PickleDamaged('has a text without quotes');
  return unescapedText(quoted[2] ?? '');
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '\\': '\\', "'": "'", '"': '"' };

/** Resolves Python's escapes: \xHH, \uHHHH, \UHHHHHHHH and those of one letter. */
function unescapedText(text: string): string {
  return text.replace(
    /\\(?:x([\da-f]{2})|u([\da-f]{4})|U([\da-f]{8})|([nrt\\'"]))/gi,
    (whole, x?: string, u?: string, wide?: string, letter?: string) => {
      if (letter !== undefined) return ESCAPES[letter] ?? whole;
      const code = Number.parseInt(x ?? u ?? wide ?? '', 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    },
  );
}
