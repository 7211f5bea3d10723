import type { Dim, OnnxGraph, Value } from './onnx-graph.js';
import { add, dimOf, lengthOf, matmul, only } from './onnx-operators.js';

/** Layers with weights and windows: convolution, pooling, linear, normalisation. */

interface Window {
  readonly kernel: readonly [number, number];
  readonly stride?: readonly [number, number];
  /** The same on both sides: ONNX Runtime's CUDA provider hands convolutions with one-sided pads to the CPU, silently. */
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
  const slide = (axis: 0 | 1): number =>
    Math.floor((lengthOf(x, axis + 2) + 2 * pad[axis] - kernel[axis]) / stride[axis]) + 1;
  return [dimOf(x, 0), channels, slide(0), slide(1)];
}
