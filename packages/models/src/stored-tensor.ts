import { checkpointError, printShape } from './checkpoint-error.js';
import type { PositionalFile } from './positional-file.js';
import { elementCount } from './weight.js';

/** Element types of checkpoints, with their size in bytes. */
export const STORED_TYPES = {
  float32: 4,
  float64: 8,
  float16: 2,
  bfloat16: 2,
  int64: 8,
  int32: 4,
  int16: 2,
  int8: 1,
  uint8: 1,
  bool: 1,
} as const;
export type StoredType = keyof typeof STORED_TYPES;

/** A tensor as it lies in a file: a strided view of a run of elements. */
export interface StoredTensor {
  readonly type: StoredType;
  /** Byte position of the view's first element in the file. */
  readonly position: number;
  readonly shape: readonly number[];
  /** Step from element to element along each axis, in elements. */
  readonly strides: readonly number[];
}

/** Largest stretch read at once for a view that is not in row-major order. */
const LARGEST_GATHER_BYTES = 2 ** 30;

export function rowMajorStrides(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length).fill(1);
  for (let axis = shape.length - 2; axis >= 0; axis--) {
    strides[axis] = (strides[axis + 1] ?? 1) * (shape[axis + 1] ?? 1);
  }
  return strides;
}

/** Elements that the view spans from its first to its last, both included; 0 when it has none. */
export function spanOf({ shape, strides }: Pick<StoredTensor, 'shape' | 'strides'>): number {
  if (elementCount(shape) === 0) return 0;
  return shape.reduce((last, length, axis) => last + (length - 1) * (strides[axis] ?? 0), 1);
}

/** `count` values in row-major order from the `start`-th on, as float32 (64-bit values are rounded). */
export async function readStored(
  file: PositionalFile,
  tensor: StoredTensor,
  start = 0,
  count = elementCount(tensor.shape) - start,
): Promise<Float32Array> {
  if (start < 0 || count < 0 || start + count > elementCount(tensor.shape)) {
    throw new RangeError(`no ${count} values from ${start} on in a tensor of ${printShape(tensor.shape)}`);
  }
  const size = STORED_TYPES[tensor.type];
  if (isRowMajor(tensor)) {
    return decode(await file.read(tensor.position + start * size, count * size), tensor.type);
  }
  const span = spanOf(tensor) * size;
  if (span > LARGEST_GATHER_BYTES) {
    throw checkpointError(`a view of ${printShape(tensor.shape)} over ${span} bytes is too large to reorder`);
  }
  const stored = decode(await file.read(tensor.position, span), tensor.type);
  const values = new Float32Array(count);
  for (let index = 0; index < count; index++) {
    let rest = start + index;
    let offset = 0;
    for (let axis = tensor.shape.length - 1; axis >= 0; axis--) {
      const length = tensor.shape[axis] ?? 1;
      offset += (rest % length) * (tensor.strides[axis] ?? 0);
      rest = Math.floor(rest / length);
    }
    values[index] = stored[offset] ?? Number.NaN;
  }
  return values;
}

/** An axis of length 1 may have any stride. */
function isRowMajor({ shape, strides }: StoredTensor): boolean {
  const expected = rowMajorStrides(shape);
  return shape.every((length, axis) => length <= 1 || strides[axis] === expected[axis]);
}

function decode(bytes: Uint8Array<ArrayBuffer>, type: StoredType): Float32Array {
  const { buffer } = bytes;
  switch (type) {
    case 'float32':
      return new Float32Array(buffer);
    case 'float64':
      return Float32Array.from(new Float64Array(buffer));
    case 'float16':
      return Float32Array.from(new Uint16Array(buffer), halfToFloat);
    case 'bfloat16': {
      // A bfloat16 is the upper half of a float32.
      const words = Uint32Array.from(new Uint16Array(buffer), (half) => half << 16);
      return new Float32Array(words.buffer);
    }
    case 'int64':
      return Float32Array.from(new BigInt64Array(buffer), Number);
    case 'int32':
      return Float32Array.from(new Int32Array(buffer));
    case 'int16':
      return Float32Array.from(new Int16Array(buffer));
    case 'int8':
      return Float32Array.from(new Int8Array(buffer));
    case 'uint8':
    case 'bool':
      return Float32Array.from(bytes);
  }
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
