import { weightOf } from '@styleflow/files';
import { type Dim, ELEMENT_CODES, type ElementType, type OnnxGraph, type Value } from './onnx-graph.js';

/** Elementwise and shape operators: each adds one node and knows the shape that comes out. */

function unary(operator: string) {
  return (graph: OnnxGraph, x: Value): Value => only(graph.node(operator, [x], {}, [x]));
}

export const relu = unary('Relu');
export const sigmoid = unary('Sigmoid');
/** x·Φ(x) with the exact error function. */
export const gelu = unary('Gelu');

function binary(operator: string) {
  return (graph: OnnxGraph, a: Value, b: Value): Value => {
    const type = a.type;
    return only(graph.node(operator, [a, b], {}, [{ type, shape: broadcast(a.shape, b.shape) }]));
  };
}

export const add = binary('Add');
export const subtract = binary('Sub');
export const multiply = binary('Mul');

export function leakyRelu(graph: OnnxGraph, x: Value, slope: number): Value {
  return only(graph.node('LeakyRelu', [x], { alpha: { float: slope } }, [x]));
}

export function softmax(graph: OnnxGraph, x: Value, axis: number): Value {
  return only(graph.node('Softmax', [x], { axis: { int: axis } }, [x]));
}

/** A scalar or small constant that is not from a checkpoint. */
export function constant(
  graph: OnnxGraph,
  name: string,
  values: readonly number[],
  shape: readonly number[] = [],
): Value {
  return graph.weight(name, weightOf(shape, values));
}

/** The same values as another type. Adds no node when the type is right already. */
export function cast(graph: OnnxGraph, x: Value, type: ElementType): Value {
  if (x.type === type) return x;
  return only(graph.node('Cast', [x], { to: { int: ELEMENT_CODES[type] } }, [{ type, shape: x.shape }]));
}

/**
 * Reshapes to `shape`. A dynamic dimension is kept where its place stays the same. One other dynamic dimension may take
 * the rest.
 */
export function reshape(graph: OnnxGraph, x: Value, shape: readonly Dim[]): Value {
  const target = shape.map((dim, axis) => (typeof dim === 'number' ? dim : x.shape[axis] === dim ? 0 : -1));
  if (target.filter((dim) => dim === -1).length > 1) {
    throw new RangeError(`cannot reshape [${x.shape.join(', ')}] to [${shape.join(', ')}]`);
  }
  checkElementCounts(x.shape, shape);
  return only(graph.node('Reshape', [x, graph.integers(target)], {}, [{ type: x.type, shape }]));
}

export function transpose(graph: OnnxGraph, x: Value, order: readonly number[]): Value {
  const shape = order.map((axis) => dimOf(x, axis));
  return only(graph.node('Transpose', [x], { perm: { ints: order } }, [{ type: x.type, shape }]));
}

export function concat(graph: OnnxGraph, parts: readonly Value[], axis: number): Value {
  const first = parts[0];
  if (!first) throw new RangeError('concat needs at least one part');
  const lengths = parts.map((part) => dimOf(part, axis));
  const isKnown = lengths.every((each): each is number => typeof each === 'number');
  const length = isKnown ? lengths.reduce((sum: number, each) => sum + Number(each), 0) : lengths.join('+');
  const shape = first.shape.map((dim, index) => (index === axis ? length : dim));
  return only(graph.node('Concat', [...parts], { axis: { int: axis } }, [{ type: first.type, shape }]));
}

/** x[from:to] along one axis. */
export function slice(graph: OnnxGraph, x: Value, axis: number, from: number, to: number): Value {
  const shape = x.shape.map((dim, index) => (index === axis ? to - from : dim));
  const inputs = [x, graph.integers([from]), graph.integers([to]), graph.integers([axis])];
  return only(graph.node('Slice', inputs, {}, [{ type: x.type, shape }]));
}

/** Repeats a [1, …] value along `axis`, as often as `like` is long along `likeAxis`. */
export function expandLike(graph: OnnxGraph, x: Value, like: Value, axis: number, likeAxis: number): Value {
  const batch = dimOf(like, likeAxis);
  const shape = x.shape.map((dim, index) => (index === axis ? batch : dim));
  const length = only(
    graph.node('Shape', [like], { start: { int: likeAxis }, end: { int: likeAxis + 1 } }, [
      { type: 'int64', shape: [1] },
    ]),
  );
  const ones = x.shape.flatMap((_, index) => (index === axis ? [length] : [graph.integers([1])]));
  const target = only(graph.node('Concat', ones, { axis: { int: 0 } }, [{ type: 'int64', shape: [x.shape.length] }]));
  return only(graph.node('Expand', [x, target], {}, [{ type: x.type, shape }]));
}

/**
 * Mean over `axes`, which are dropped unless `keep`. The result is float32 whatever `x` is, because a half cannot hold
 * such sums.
 */
export function mean(graph: OnnxGraph, x: Value, axes: readonly number[], keep = false): Value {
  return reduce(graph, 'ReduceMean', cast(graph, x, 'float32'), axes, keep);
}

/** L2 length over `axes`, which are dropped. */
export function length2(graph: OnnxGraph, x: Value, axes: readonly number[]): Value {
  return reduce(graph, 'ReduceL2', x, axes, false);
}

function reduce(graph: OnnxGraph, operator: string, x: Value, axes: readonly number[], keep: boolean): Value {
  const shape = x.shape.flatMap((dim, axis) => (!axes.includes(axis) ? [dim] : keep ? [1] : []));
  const attributes = { keepdims: { int: keep ? 1 : 0 } };
  return only(graph.node(operator, [x, graph.integers(axes)], attributes, [{ type: x.type, shape }]));
}

/** [..., m, k] × [..., k, n]; leading axes broadcast. */
export function matmul(graph: OnnxGraph, a: Value, b: Value): Value {
  const m = dimOf(a, a.shape.length - 2);
  const k = dimOf(a, a.shape.length - 1);
  const n = dimOf(b, b.shape.length - 1);
  if (k !== dimOf(b, b.shape.length - 2)) {
    throw new RangeError(`cannot multiply [${a.shape.join(', ')}] by [${b.shape.join(', ')}]`);
  }
  const leading = broadcast(a.shape.slice(0, -2), b.shape.slice(0, -2));
  return only(graph.node('MatMul', [a, b], {}, [{ type: a.type, shape: [...leading, m, n] }]));
}

export function only(values: readonly Value[]): Value {
  const [value] = values;
  if (!value) throw new RangeError('the node has no output');
  return value;
}

export function dimOf(x: Value, axis: number): Dim {
  const dim = x.shape[axis];
  if (dim === undefined) throw new RangeError(`${x.name} [${x.shape.join(', ')}] has no axis ${axis}`);
  return dim;
}

/**
 * A length that must be known when the graph is written.
 * @throws when it is dynamic.
 */
export function lengthOf(x: Value, axis: number): number {
  const dim = dimOf(x, axis);
  if (typeof dim === 'string') throw new RangeError(`axis ${axis} of ${x.name} is dynamic (${dim})`);
  return dim;
}

function broadcast(a: readonly Dim[], b: readonly Dim[]): Dim[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, index) => {
    const left = a[index - rank + a.length] ?? 1;
    const right = b[index - rank + b.length] ?? 1;
    if (left === right || right === 1) return left;
    if (left === 1) return right;
    throw new RangeError(`cannot broadcast [${a.join(', ')}] with [${b.join(', ')}]`);
  });
}

/** Requires that both shapes hold the same number of elements, as far as their dynamic dimensions are the same. */
function checkElementCounts(from: readonly Dim[], to: readonly Dim[]): void {
  const symbols = (shape: readonly Dim[]) =>
    shape
      .filter((dim) => typeof dim === 'string')
      .sort()
      .join(',');
  const product = (shape: readonly Dim[]) =>
    shape.reduce((sum: number, dim) => (typeof dim === 'number' ? sum * dim : sum), 1);
  if (symbols(from) === symbols(to) && product(from) !== product(to)) {
    throw new RangeError(`cannot reshape [${from.join(', ')}] to [${to.join(', ')}]`);
  }
}
