import { STORED_TYPES, type StoredType } from './stored-tensor.js';

/**
 * Elements of a file as float32: 64-bit values are rounded, booleans become 0 and 1. The answer may reuse the memory of
 * `bytes`.
 */
export function decodeValues(bytes: Uint8Array<ArrayBuffer>, type: StoredType, bigEndian: boolean): Float32Array {
  if (bigEndian) swapBytes(bytes, STORED_TYPES[type]);
  const { buffer } = bytes;
  switch (type) {
    case 'float32':
      return new Float32Array(buffer);
    case 'float64':
      return new Float32Array(new Float64Array(buffer));
    case 'float16':
      return decodeHalves(new Uint16Array(buffer));
    case 'bfloat16':
      return decodeBfloats(new Uint16Array(buffer));
    case 'int64':
      return decodeLongs(new BigInt64Array(buffer));
    case 'uint64':
      return decodeLongs(new BigUint64Array(buffer));
    case 'int32':
      return new Float32Array(new Int32Array(buffer));
    case 'uint32':
      return new Float32Array(new Uint32Array(buffer));
    case 'int16':
      return new Float32Array(new Int16Array(buffer));
    case 'uint16':
      return new Float32Array(new Uint16Array(buffer));
    case 'int8':
      return new Float32Array(new Int8Array(buffer));
    case 'uint8':
      return new Float32Array(bytes);
    case 'bool':
      return new Float32Array(bytes.map((byte) => (byte === 0 ? 0 : 1)));
  }
}

function swapBytes(bytes: Uint8Array<ArrayBuffer>, size: number): void {
  const view = Buffer.from(bytes.buffer);
  if (size === 2) view.swap16();
  if (size === 4) view.swap32();
  if (size === 8) view.swap64();
}

/** A bfloat16 is the upper half of a float32. */
function decodeBfloats(halves: Uint16Array): Float32Array {
  const words = new Uint32Array(halves.length);
  for (let index = 0; index < halves.length; index++) words[index] = (halves[index] ?? 0) << 16;
  return new Float32Array(words.buffer);
}

function decodeLongs(longs: BigInt64Array | BigUint64Array): Float32Array {
  const values = new Float32Array(longs.length);
  for (let index = 0; index < longs.length; index++) values[index] = Number(longs[index]);
  return values;
}

let halfTable: Float32Array | undefined;

function decodeHalves(halves: Uint16Array): Float32Array {
  halfTable ??= Float32Array.from({ length: 0x10000 }, (_, half) => halfToFloat(half));
  const values = new Float32Array(halves.length);
  for (let index = 0; index < halves.length; index++) values[index] = halfTable[halves[index] ?? 0] ?? 0;
  return values;
}

/** IEEE 754 half precision: 1 sign, 5 exponent, 10 fraction bits. */
function halfToFloat(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
