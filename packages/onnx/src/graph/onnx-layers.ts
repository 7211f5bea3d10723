import type { Dim, OnnxGraph, Value } from './onnx-graph.js';
import { add, dimOf, expandLike, lengthOf, matmul, only } from './onnx-operators.js';

/** Layers with weights and windows: convolution, pooling, linear, normalisation. */

interface Window {
  readonly kernel: readonly [number, number];
  readonly stride?: readonly [number, number];
  /**
   * Padding of rows and columns, on both sides alike: ONNX Runtime's CUDA provider silently hands convolutions with
   * one-sided padding to the CPU.
   */
  readonly pad?: readonly [number, number];
}

/**
 * 2-D convolution of [N, C, H, W] with a weight [out, C/group, kernel height, kernel width] and an optional bias [out].
 */
export function conv2d(
  graph: OnnxGraph,
  x: Value,
  weight: Value,
  bias: Value | null,
  { stride = [1, 1], pad = [0, 0], group = 1 }: Omit<Window, 'kernel'> & { readonly group?: number } = {},
): Value {
  const [out, inPerGroup, kernelHeight, kernelWidth] = weight.shape.map((_, axis) => lengthOf(weight, axis));
  if (out === undefined || inPerGroup === undefined || kernelHeight === undefined || kernelWidth === undefined) {
    throw new RangeError(`${weight.name} [${weight.shape.join(', ')}] is no 2-D convolution`);
  }
  if (lengthOf(x, 1) !== inPerGroup * group) {
    throw new RangeError(`${weight.name} [${weight.shape.join(', ')}] does not take ${x.name} [${x.shape.join(', ')}]`);
  }
  const window = { kernel: [kernelHeight, kernelWidth], stride, pad } as const;
  return only(
    graph.node('Conv', bias ? [x, weight, bias] : [x, weight], { ...windowAttributes(window), group: { int: group } }, [
      { type: x.type, shape: windowShape(x, window, out) },
    ]),
  );
}

/** 2-D max pooling of [N, C, H, W], rounding down. */
export function maxPool2d(graph: OnnxGraph, x: Value, window: Window): Value {
  const shape = windowShape(x, window, dimOf(x, 1));
  return only(graph.node('MaxPool', [x], windowAttributes(window), [{ type: x.type, shape }]));
}

/** x·weight + bias with `weight` already [in, out]. */
export function linear(graph: OnnxGraph, x: Value, weight: Value, bias: Value | null): Value {
  const product = matmul(graph, x, weight);
  return bias ? add(graph, product, bias) : product;
}

/** Layer normalisation over the last axis. */
export function layerNorm(graph: OnnxGraph, x: Value, scale: Value, bias: Value, epsilon: number): Value {
  return only(
    graph.node('LayerNormalization', [x, scale, bias], { axis: { int: -1 }, epsilon: { float: epsilon } }, [x]),
  );
}

function windowAttributes({ kernel, stride = [1, 1], pad = [0, 0] }: Window) {
  return { kernel_shape: { ints: kernel }, strides: { ints: stride }, pads: { ints: [...pad, ...pad] } };
}

function windowShape(x: Value, { kernel, stride = [1, 1], pad = [0, 0] }: Window, channels: Dim): Dim[] {
  const slide = (axis: 0 | 1): Dim => {
    const length = dimOf(x, axis + 2);
    if (typeof length === 'number') return Math.floor((length + 2 * pad[axis] - kernel[axis]) / stride[axis]) + 1;
    if (kernel[axis] !== 2 * pad[axis] + 1) {
      throw new RangeError(`a window of ${kernel[axis]} with pads of ${pad[axis]} over the dynamic length ${length}`);
    }
    return stride[axis] === 1 ? length : `ceil(${length}/${stride[axis]})`;
  };
  return [dimOf(x, 0), channels, slide(0), slide(1)];
}

/** x·weightᵀ + bias of [N, in] with `weight` [out, in], as PyTorch stores it. So large matrices need no transposing. */
export function linearRows(graph: OnnxGraph, x: Value, weight: Value, bias: Value): Value {
  const [rows, columns] = [lengthOf(weight, 0), lengthOf(weight, 1)];
  if (lengthOf(x, 1) !== columns)
    throw new RangeError(`${weight.name} does not take ${x.name} [${x.shape.join(', ')}]`);
  const shape = [dimOf(x, 0), rows];
  return only(graph.node('Gemm', [x, weight, bias], { transB: { int: 1 } }, [{ type: x.type, shape }]));
}

/** Batch norm of [N, C, H, W] at inference; each statistic is [C]. */
export function batchNorm(
  graph: OnnxGraph,
  x: Value,
  statistics: { readonly weight: Value; readonly bias: Value; readonly mean: Value; readonly variance: Value },
  epsilon: number,
): Value {
  const { weight, bias, mean, variance } = statistics;
  const inputs = [x, weight, bias, mean, variance];
  return only(graph.node('BatchNormalization', inputs, { epsilon: { float: epsilon } }, [x]));
}

/** Leaky rectification with a learned slope per channel; `slope` is [C, 1, 1]. */
export function parametricRelu(graph: OnnxGraph, x: Value, slope: Value): Value {
  return only(graph.node('PRelu', [x, slope], {}, [x]));
}

/** Bilinear enlargement of [N, C, H, W] in which the corner points keep their places. */
export function resizeBilinear(graph: OnnxGraph, x: Value, [height, width]: readonly [number, number]): Value {
  const attributes = {
    mode: { text: 'linear' },
    coordinate_transformation_mode: { text: 'align_corners' },
    axes: { ints: [2, 3] },
  };
  const shape = [dimOf(x, 0), dimOf(x, 1), height, width];
  return only(
    graph.node('Resize', [x, null, null, graph.integers([height, width])], attributes, [{ type: x.type, shape }]),
  );
}

/**
 * Brings [N, C, h, w] to height and width of `like` by repeating points: new point i is old point floor(i · old / new).
 */
export function resizeNearestLike(graph: OnnxGraph, x: Value, like: Value): Value {
  const ends = { start: { int: 2 }, end: { int: 4 } };
  const sides = only(graph.node('Shape', [like], ends, [{ type: 'int64', shape: [2] }]));
  const shape = [dimOf(x, 0), dimOf(x, 1), dimOf(like, 2), dimOf(like, 3)];
  const attributes = {
    mode: { text: 'nearest' },
    nearest_mode: { text: 'floor' },
    coordinate_transformation_mode: { text: 'asymmetric' },
    axes: { ints: [2, 3] },
  };
  return only(graph.node('Resize', [x, null, null, sides], attributes, [{ type: x.type, shape }]));
}

/**
 * One bidirectional GRU layer over [T, B, I] with weights [2, 3·H, I], [2, 3·H, H], biases [2, 6·H] (gates update, reset,
 * new) and a start state [2, 1, H] shared by the batch. The reset gate acts behind the recurrent product, as in PyTorch
 * and as ONNX Runtime's CUDA provider demands.
 * Gives all states [T, 2, B, H] and the final ones [2, B, H].
 */
export function bidirectionalGru(
  graph: OnnxGraph,
  x: Value,
  weights: { readonly input: Value; readonly recurrent: Value; readonly bias: Value; readonly start: Value },
): { readonly states: Value; readonly final: Value } {
  const hidden = lengthOf(weights.recurrent, 2);
  const [time, batch] = [dimOf(x, 0), dimOf(x, 1)];
  const start = expandLike(graph, weights.start, x, 1, 1);
  const [states, final] = graph.node(
    'GRU',
    [x, weights.input, weights.recurrent, weights.bias, null, start],
    { direction: { text: 'bidirectional' }, hidden_size: { int: hidden }, linear_before_reset: { int: 1 } },
    [
      { type: x.type, shape: [time, 2, batch, hidden] },
      { type: x.type, shape: [2, batch, hidden] },
    ],
  );
  if (!states || !final) throw new RangeError('the GRU has two outputs');
  return { states, final };
}
