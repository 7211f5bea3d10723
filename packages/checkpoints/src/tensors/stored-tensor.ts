import { elementCount } from '@styleflow/files';

/** Element types of checkpoints whose values are read, with their size in bytes. */
export const STORED_TYPES = {
  float32: 4,
  float64: 8,
  float16: 2,
  bfloat16: 2,
  int64: 8,
  int32: 4,
  int16: 2,
  int8: 1,
  uint64: 8,
  uint32: 4,
  uint16: 2,
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
  /** Step from element to element along each axis, in elements; never negative. */
  readonly strides: readonly number[];
  /** Whether the elements were written by a big-endian machine. */
  readonly bigEndian: boolean;
}

export function rowMajorStrides(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length).fill(1);
  for (let axis = shape.length - 2; axis >= 0; axis--) {
    strides[axis] = (strides[axis + 1] ?? 1) * (shape[axis + 1] ?? 1);
  }
  return strides;
}

/** Elements from the view's first to its last, both included; 0 when it has none. */
export function spanOf({ shape, strides }: Pick<StoredTensor, 'shape' | 'strides'>): number {
  if (elementCount(shape) === 0) return 0;
  return shape.reduce((last, length, axis) => last + (length - 1) * (strides[axis] ?? 0), 1);
}
