import { elementCount, type PositionalFile } from '@styleflow/files';
import { decodeValues } from './decode-values.js';
import { rowMajorStrides, STORED_TYPES, type StoredTensor } from './stored-tensor.js';

/** Largest stretch of the file read at once for a view that is not in row-major order. */
const LARGEST_WINDOW_BYTES = 16 * 2 ** 20;
/**
 * A stretch shorter than this is read whole, however few of its elements are wanted, because a second read would take
 * longer.
 */
const SMALL_WINDOW_BYTES = 2 ** 14;
/** In a longer stretch at least one of this many elements must be wanted. */
const SPARSEST_WINDOW = 8;

type View = Pick<StoredTensor, 'shape' | 'strides'>;

interface Axis {
  readonly length: number;
  /** Step from element to element in the file, in elements. */
  readonly stride: number;
  /** Step from value to value in the answer. */
  readonly step: number;
}

/**
 * A part of a view that is a box of its indices. It tells where its first element lies in the file and in the answer.
 */
interface Box {
  /** Elements between the view's first and the box's first. */
  readonly from: number;
  readonly to: number;
  readonly axes: readonly Axis[];
}

/**
 * Reads `count` values from the `start`-th on, in row-major order, as float32 (64-bit values are rounded). A view in
 * another order is gathered through windows of bounded size, so that no order needs more memory than the answer.
 */
export async function readStored(
  file: PositionalFile,
  tensor: StoredTensor,
  start = 0,
  count = elementCount(tensor.shape) - start,
): Promise<Float32Array> {
  if (!(start >= 0 && count >= 0 && start + count <= elementCount(tensor.shape))) {
    throw new RangeError(`no ${count} values from ${start} on in a tensor of [${tensor.shape.join(', ')}]`);
  }
  if (isRowMajor(tensor)) {
    const size = STORED_TYPES[tensor.type];
    return decodeValues(await file.read(tensor.position + start * size, count * size), tensor.type, tensor.bigEndian);
  }
  const values = new Float32Array(count);
  for (const box of boxesOf(tensor, start, count)) await gather(file, tensor, box, values);
  return values;
}

/** Whether a view is in row-major order. An axis of length 1 may have any stride. */
function isRowMajor({ shape, strides }: View): boolean {
  const expected = rowMajorStrides(shape);
  return shape.every((length, axis) => length <= 1 || strides[axis] === expected[axis]);
}

/**
 * Cuts a stretch of row-major indices into boxes. On every axis these are the rest of a row, whole rows, the start of a
 * row.
 */
function* boxesOf(view: View, start: number, count: number, axis = 0, to = 0): Generator<Box> {
  if (count === 0) return;
  const { shape, strides } = view;
  const steps = rowMajorStrides(shape);
  const [step = 1, stride = 0] = [steps[axis], strides[axis]];
  const first = Math.floor(start / step);
  const within = start - first * step;
  const inRow = Math.min(step - within, count);
  if (inRow < step) {
    for (const box of boxesOf(view, within, inRow, axis + 1, to)) {
      yield { ...box, from: box.from + first * stride };
    }
    yield* boxesOf(view, start + inRow, count - inRow, axis, to + inRow);
    return;
  }
  const rows = Math.floor(count / step);
  const inner = shape.slice(axis + 1).map((length, index) => ({
    length,
    stride: strides[axis + 1 + index] ?? 0,
    step: steps[axis + 1 + index] ?? 1,
  }));
  yield { from: first * stride, to, axes: [{ length: rows, stride, step }, ...inner] };
  yield* boxesOf(view, start + rows * step, count - rows * step, axis, to + rows * step);
}

/**
 * Reads a box into its place in the answer. A box that spans too long or too sparse a stretch of the file is read in
 * halves.
 */
async function gather(file: PositionalFile, tensor: StoredTensor, box: Box, values: Float32Array): Promise<void> {
  const size = STORED_TYPES[tensor.type];
  const span = box.axes.reduce((last, { length, stride }) => last + (length - 1) * stride, 1);
  const wanted = box.axes.reduce((product, { length, stride }) => product * (stride === 0 ? 1 : length), 1);
  const dense = span <= wanted * SPARSEST_WINDOW && span * size <= LARGEST_WINDOW_BYTES;
  if (dense || span * size <= SMALL_WINDOW_BYTES) {
    const bytes = await file.read(tensor.position + box.from * size, span * size);
    scatter(decodeValues(bytes, tensor.type, tensor.bigEndian), box.axes, values, 0, box.to);
    return;
  }
  const extents = box.axes.map(({ length, stride }) => (length - 1) * stride);
  const widest = extents.indexOf(Math.max(...extents));
  const { length, stride, step } = box.axes[widest] ?? { length: 1, stride: 0, step: 0 };
  const half = Math.floor(length / 2);
  const part = (rows: number, from: number, to: number): Box => ({
    from,
    to,
    axes: box.axes.map((axis, index) => (index === widest ? { ...axis, length: rows } : axis)),
  });
  await gather(file, tensor, part(half, box.from, box.to), values);
  await gather(file, tensor, part(length - half, box.from + half * stride, box.to + half * step), values);
}

function scatter(window: Float32Array, axes: readonly Axis[], values: Float32Array, from: number, to: number): void {
  const [axis, ...inner] = axes;
  if (!axis) {
    values[to] = window[from] ?? Number.NaN;
    return;
  }
  const { length, stride, step } = axis;
  for (let index = 0; index < length; index++) {
    if (inner.length > 0) scatter(window, inner, values, from + index * stride, to + index * step);
    else values[to + index * step] = window[from + index * stride] ?? Number.NaN;
  }
}
