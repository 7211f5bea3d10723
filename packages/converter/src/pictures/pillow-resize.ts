import { weightOf } from '@styleflow/files';
import {
  add,
  cast,
  concat,
  constant,
  lengthOf,
  matmul,
  multiply,
  type OnnxGraph,
  only,
  relu,
  slice,
  type Value,
} from '@styleflow/onnx';
import { FRACTION_BITS, type ResizeMatrix, resizeMatrix } from './resize-matrix.js';

/** The axis of [N, C, H, W] that a pass resizes. */
export type ResizedAxis = 'columns' | 'rows';

/** Weights are split into w = PART·high + low. */
const PART = 2 ** (FRACTION_BITS / 2);

/**
 * How many stretches of a line are resized one after the other. A matrix for the whole line is nearly all zeros; that
 * of a stretch needs only the old points near it, and its values stay in the processor's cache. More stretches are
 * quicker up to a point (README "Resizing like Pillow").
 */
const STRETCHES = 8;

/**
 * Pillow's default picture resize (bicubic, a = −0.5, antialiased, edges renormalised) of [N, C, H, W], bytes to bytes.
 * Every value equals Pillow's on any provider, since all sums are whole numbers that a float32 holds. ONNX's own
 * `Resize` with `antialias` differs in some values (README "Resizing like Pillow").
 */
export function resizeLikePillow(graph: OnnxGraph, bytes: Value, [height, width]: readonly [number, number]): Value {
  const [oldHeight, oldWidth] = [lengthOf(bytes, 2), lengthOf(bytes, 3)];
  const columns = resizeMatrix('bicubic', oldWidth, oldWidth, width);
  const rows = resizeMatrix('bicubic', oldHeight, oldHeight, height);
  const narrow = graph.within('columns', () => inStretches(graph, bytes, columns, 'columns'));
  return graph.within('rows', () => inStretches(graph, narrow, rows, 'rows'));
}

/**
 * Resizes stretch by stretch. Only one stretch at a time is float32, because a whole clip in float32 takes more memory
 * (README "Resizing like Pillow").
 */
function inStretches(graph: OnnxGraph, bytes: Value, matrix: ResizeMatrix, resized: ResizedAxis): Value {
  const axis = resized === 'columns' ? 3 : 2;
  const start = (index: number): number => Math.round((index * matrix.to) / STRETCHES);
  const parts = Array.from({ length: STRETCHES }, (_, index) => {
    const { from, part } = stretchOf(matrix, start(index), start(index + 1));
    const taken = cast(graph, slice(graph, bytes, axis, from, from + part.from), 'float32');
    return cast(graph, roundedPass(graph, taken, part, resized), 'uint8');
  });
  return concat(graph, parts, axis);
}

/**
 * The rows of a matrix from `first` to `end`, cut to the columns in which one of them is not zero, and the first such
 * column.
 */
function stretchOf(
  { weights, from: width }: ResizeMatrix,
  first: number,
  end: number,
): { readonly from: number; readonly part: ResizeMatrix } {
  const taken = Array.from({ length: width }, (_, column) => column).filter((column) => {
    for (let row = first; row < end; row++) if (weights[row * width + column] !== 0) return true;
    return false;
  });
  const [from, length] = [taken[0] ?? 0, (taken.at(-1) ?? 0) + 1 - (taken[0] ?? 0)];
  const part = new Float64Array((end - first) * length);
  for (let row = first; row < end; row++) {
    part.set(weights.subarray(row * width + from, row * width + from + length), (row - first) * length);
  }
  return { from, part: { to: end - first, from: length, weights: part } };
}

/** Resizes one axis of float32 [N, C, H, W] without rounding. */
export function smoothPass(graph: OnnxGraph, x: Value, matrix: ResizeMatrix, axis: ResizedAxis): Value {
  return product(graph, x, matrix, axis, 'weights');
}

/**
 * Resizes one axis of bytes (as float32 [N, C, H, W]) to bytes as Pillow does: floor((Σ w·x + 2²¹) / 2²²) with integer
 * weights w. A float32 does not hold such sums, so each weight is split into w = 2¹¹·high + low. Both products are then
 * exact, and the floor of the low one may be taken first. TF32 holds the factors too (11 bits). All operators have the
 * same form in every operator set from 9 on.
 */
export function roundedPass(graph: OnnxGraph, x: Value, matrix: ResizeMatrix, axis: ResizedAxis): Value {
  const whole = matrix.weights.map((weight) => Math.round(weight * 2 ** FRACTION_BITS));
  const high = whole.map((weight) => Math.round(weight / PART));
  const low = whole.map((weight, index) => weight / PART - (high[index] ?? 0));
  const highs = product(graph, x, { ...matrix, weights: high }, axis, 'high');
  const lows = product(graph, x, { ...matrix, weights: low }, axis, 'low');
  const carried = floor(graph, add(graph, lows, constant(graph, 'half', [PART / 2])));
  const sum = multiply(graph, add(graph, highs, carried), constant(graph, 'part', [1 / PART]));
  return withinBytes(graph, floor(graph, sum));
}

/** Rounds float32 values to bytes, and keeps them as float32. */
export function roundToBytes(graph: OnnxGraph, x: Value): Value {
  return withinBytes(graph, floor(graph, add(graph, x, constant(graph, 'half', [0.5]))));
}

function product(graph: OnnxGraph, x: Value, matrix: ResizeMatrix, axis: ResizedAxis, name: string): Value {
  const { to, from, weights } = matrix;
  if (axis === 'rows') return matmul(graph, graph.weight(name, weightOf([to, from], Float32Array.from(weights))), x);
  return matmul(graph, x, graph.weight(name, weightOf([from, to], Float32Array.from(turn(weights, to, from)))));
}

function withinBytes(graph: OnnxGraph, x: Value): Value {
  return only(graph.node('Min', [relu(graph, x), constant(graph, 'largest', [255])], {}, [x]));
}

function floor(graph: OnnxGraph, x: Value): Value {
  return only(graph.node('Floor', [x], {}, [x]));
}

/** The transpose of [rows, columns]. */
function turn(weights: Float64Array, rows: number, columns: number): Float64Array {
  return weights.map((_, index) => weights[(index % rows) * columns + Math.floor(index / rows)] ?? 0);
}
