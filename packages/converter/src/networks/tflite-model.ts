import { FlatTable } from './flat-table.js';

/** The operators that can be read, by their number in the schema of TensorFlow Lite. */
const OPERATORS = {
  0: 'add',
  3: 'convolution',
  4: 'depthwise',
  6: 'dequantize',
  17: 'maxPool',
  19: 'relu',
  22: 'reshape',
  23: 'resizeBilinear',
  34: 'pad',
  54: 'prelu',
} as const;

export type TfliteOperatorKind = (typeof OPERATORS)[keyof typeof OPERATORS];

/** Numbers of the element types in the schema. */
const FLOAT32 = 0;
const FLOAT16 = 1;
const INT32 = 2;

export interface TfliteTensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** The values of a constant; null for a computed tensor. */
  readonly values: Float32Array | null;
}

export interface TfliteOperator {
  readonly kind: TfliteOperatorKind;
  /** Indices into the tensors. */
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  /**
   * For convolutions and pools. True: zeros are added so that the output has input / stride places, rounded up. False:
   * none.
   */
  readonly isPadded: boolean;
  /** For convolutions and pools: rows, columns. */
  readonly stride: readonly [number, number];
  /** For pools: rows, columns. */
  readonly window: readonly [number, number];
}

/** A network as a TensorFlow Lite file describes it, its operators in the order in which they run. */
export interface TfliteModel {
  readonly tensors: readonly TfliteTensor[];
  readonly operators: readonly TfliteOperator[];
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}

/**
 * Reads a TensorFlow Lite file of a float network that consists of the operators above, without fused activations and
 * dilations. Field numbers are those of the public schema (version 3).
 * @throws RangeError for anything else in the file.
 */
export function readTflite(bytes: Uint8Array): TfliteModel {
  const model = FlatTable.root(bytes);
  const codes = model.tables(1).map((code) => Math.max(code.byte(0), code.integer(3)));
  const buffers = model.tables(4);
  const [graph] = model.tables(2);
  if (graph === undefined) throw new RangeError('the file has no graph');
  return {
    tensors: graph.tables(0).map((tensor) => readTensor(tensor, buffers[tensor.integer(2)])),
    operators: graph.tables(3).map((operator) => readOperator(operator, codes)),
    inputs: graph.integers(1),
    outputs: graph.integers(2),
  };
}

function readTensor(tensor: FlatTable, buffer: FlatTable | undefined): TfliteTensor {
  const bytes = buffer?.bytes(0) ?? new Uint8Array();
  return {
    name: tensor.text(3),
    shape: tensor.integers(0),
    values: bytes.length === 0 ? null : readValues(bytes, tensor.byte(1)),
  };
}

function readValues(bytes: Uint8Array, type: number): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (type === FLOAT16)
    return Float32Array.from({ length: bytes.length / 2 }, (_, i) => half(view.getUint16(2 * i, true)));
  if (type === FLOAT32) return Float32Array.from({ length: bytes.length / 4 }, (_, i) => view.getFloat32(4 * i, true));
  if (type === INT32) return Float32Array.from({ length: bytes.length / 4 }, (_, i) => view.getInt32(4 * i, true));
  throw new RangeError(`the file has a tensor of element type ${type}`);
}

function readOperator(operator: FlatTable, codes: readonly number[]): TfliteOperator {
  const code = codes[operator.integer(0)] ?? -1;
  const kind = (OPERATORS as Readonly<Record<number, TfliteOperatorKind>>)[code];
  if (kind === undefined) throw new RangeError(`the file has an operator of number ${code}`);
  const options = operator.table(4);
  const isWindowed = kind === 'convolution' || kind === 'depthwise' || kind === 'maxPool';
  const activation = kind === 'depthwise' ? 4 : kind === 'maxPool' ? 5 : kind === 'convolution' ? 3 : 0;
  const isActivated = (isWindowed || kind === 'add') && (options?.byte(activation) ?? 0) !== 0;
  if (isActivated) throw new RangeError(`the file has a fused activation at ${kind}`);
  return {
    kind,
    inputs: operator.integers(1),
    outputs: operator.integers(2),
    isPadded: options?.byte(0) !== 1,
    stride: isWindowed ? [options?.integer(2) ?? 1, options?.integer(1) ?? 1] : [1, 1],
    window: kind === 'maxPool' ? [options?.integer(4) ?? 1, options?.integer(3) ?? 1] : [1, 1],
  };
}

/** IEEE 754 half precision. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
