import type { Dim, OnnxGraph, Value } from '../onnx/onnx-graph.js';
import { parametricRelu } from '../onnx/onnx-layers.js';
import { add, dimOf, lengthOf, only, relu } from '../onnx/onnx-operators.js';
import { type Weight, weightOf } from '../onnx/weight.js';
import type { TfliteModel, TfliteOperator, TfliteTensor } from './tflite-model.js';

/**
 * Adds a network of a TensorFlow Lite file to a graph, from an input [N, C, H, W] (the file's own is [1, H, W, C]) to the
 * file's outputs in the same layout. Sides may be dynamic and other than the file's: the networks are all convolution.
 * A closing reshape is left out.
 */
export function addTflite(graph: OnnxGraph, model: TfliteModel, input: Value): Value[] {
  const built = new Map<number, Value>();
  const constants = new Map<number, TfliteTensor>();
  for (const [index, tensor] of model.tensors.entries()) if (tensor.values) constants.set(index, tensor);
  built.set(only1(model.inputs), input);
  for (const operator of model.operators) {
    const output = only1(operator.outputs);
    if (operator.kind === 'dequantize') {
      constants.set(output, constantOf(constants, operator.inputs[0]));
      continue;
    }
    const x = built.get(operator.inputs[0] ?? -1);
    if (x === undefined) throw new RangeError(`the file uses tensor ${operator.inputs[0]} before it is computed`);
    const constant = (place: number) => constantOf(constants, operator.inputs[place]);
    built.set(output, build(graph, operator, x, constant, built));
  }
  return model.outputs.map((index) => built.get(index) ?? fail(`the file does not compute its output ${index}`));
}

function build(
  graph: OnnxGraph,
  operator: TfliteOperator,
  x: Value,
  constant: (place: number) => TfliteTensor,
  built: ReadonlyMap<number, Value>,
): Value {
  switch (operator.kind) {
    case 'convolution':
    case 'depthwise':
      return convolve(graph, x, operator, constant(1), constant(2));
    case 'maxPool': {
      const shape = slide(x, operator, operator.window, dimOf(x, 1));
      return only(graph.node('MaxPool', [x], windowOf(operator, operator.window), [{ type: x.type, shape }]));
    }
    case 'add':
      return add(graph, x, built.get(operator.inputs[1] ?? -1) ?? fail('the file adds a constant'));
    case 'relu':
      return relu(graph, x);
    case 'prelu': {
      const slope = constant(1);
      const values = slope.values ?? new Float32Array();
      return parametricRelu(graph, x, graph.weight(slope.name, weightOf([values.length, 1, 1], values)));
    }
    case 'pad':
      return padChannels(graph, x, constant(1));
    case 'resizeBilinear':
      return double(graph, x);
    case 'reshape':
      return x;
    case 'dequantize':
      return fail('only constants are dequantized');
  }
}

/** Filters [out, rows, columns, in], or depthwise [1, rows, columns, channels]. */
function convolve(
  graph: OnnxGraph,
  x: Value,
  operator: TfliteOperator,
  filter: TfliteTensor,
  bias: TfliteTensor,
): Value {
  const [first = 0, rows = 0, columns = 0, last = 0] = filter.shape;
  const isDepthwise = operator.kind === 'depthwise';
  if (lengthOf(x, 1) !== last) fail(`${filter.name} does not take ${x.name} [${x.shape.join(', ')}]`);
  const weight = graph.weight(filter.name, isDepthwise ? turn(filter, [3, 0, 1, 2]) : turn(filter, [0, 3, 1, 2]));
  const biasValue = graph.weight(bias.name, weightOf(bias.shape, bias.values ?? new Float32Array()));
  const attributes = { ...windowOf(operator, [rows, columns]), group: { int: isDepthwise ? last : 1 } };
  const shape = slide(x, operator, [rows, columns], isDepthwise ? last : first);
  return only(graph.node('Conv', [x, weight, biasValue], attributes, [{ type: x.type, shape }]));
}

/** TensorFlow's padding is one-sided at even sides with stride 2: these networks run on the CPU provider, which takes it. */
function windowOf({ stride, isPadded }: TfliteOperator, kernel: readonly [number, number]) {
  const padding = { text: isPadded ? 'SAME_UPPER' : 'VALID' };
  return { kernel_shape: { ints: kernel }, strides: { ints: stride }, auto_pad: padding };
}

function slide(
  x: Value,
  { stride, isPadded }: TfliteOperator,
  kernel: readonly [number, number],
  channels: Dim,
): Dim[] {
  const side = (axis: 0 | 1): Dim => {
    const dim = dimOf(x, axis + 2);
    if (typeof dim === 'number') return Math.ceil((isPadded ? dim : dim - kernel[axis] + 1) / stride[axis]);
    return stride[axis] === 1 ? dim : `${dim}/${stride[axis]}`;
  };
  return [dimOf(x, 0), channels, side(0), side(1)];
}

/** Paddings of [N, H, W, C], of which only the channels' end is padded, with zeros. */
function padChannels(graph: OnnxGraph, x: Value, paddings: TfliteTensor): Value {
  const values = [...(paddings.values ?? [])];
  const extra = values[7] ?? 0;
  if (values.length !== 8 || values.slice(0, 7).some((value) => value !== 0))
    fail(`${paddings.name} pads more than channels`);
  const shape = x.shape.map((dim, axis) => (axis === 1 ? lengthOf(x, 1) + extra : dim));
  const pads = graph.integers([0, 0, 0, 0, 0, extra, 0, 0]);
  return only(graph.node('Pad', [x, pads], {}, [{ type: x.type, shape }]));
}

/** The one enlargement in use: to twice the sides. */
function double(graph: OnnxGraph, x: Value): Value {
  const shape = x.shape.map((dim, axis) =>
    axis < 2 ? dim : typeof dim === 'number' ? dim * 2 : dim.endsWith('/2') ? dim.slice(0, -2) : `${dim}*2`,
  );
  const scales = graph.weight('twice', weightOf([4], [1, 1, 2, 2]));
  const attributes = { mode: { text: 'linear' }, coordinate_transformation_mode: { text: 'half_pixel' } };
  return only(graph.node('Resize', [x, null, scales], attributes, [{ type: x.type, shape }]));
}

/** Reorders the four axes of a constant. */
function turn({ shape, values }: TfliteTensor, order: readonly [number, number, number, number]): Weight {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, side) => product * side, 1));
  const sides = order.map((axis) => shape[axis] ?? 0);
  const steps = order.map((axis) => strides[axis] ?? 0);
  const [a = 0, b = 0, c = 0, d = 0] = sides;
  const out = new Float32Array(a * b * c * d);
  let to = 0;
  for (let i = 0; i < a; i++)
    for (let j = 0; j < b; j++)
      for (let k = 0; k < c; k++)
        for (let l = 0; l < d; l++) {
          const from = i * (steps[0] ?? 0) + j * (steps[1] ?? 0) + k * (steps[2] ?? 0) + l * (steps[3] ?? 0);
          out[to++] = values?.[from] ?? 0;
        }
  return weightOf(sides, out);
}

function constantOf(constants: ReadonlyMap<number, TfliteTensor>, index: number | undefined): TfliteTensor {
  return constants.get(index ?? -1) ?? fail(`the file has no constant ${index}`);
}

function only1(indices: readonly number[]): number {
  const [index] = indices;
  return index !== undefined && indices.length === 1
    ? index
    : fail(`the file has ${indices.length} where one is wanted`);
}

function fail(reason: string): never {
  throw new RangeError(reason);
}
