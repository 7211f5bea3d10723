import { weightOf } from '@styleflow/files';
import { add, dimOf, type OnnxGraph, only, relu, type Value } from '@styleflow/onnx';
import { wholeBlocks } from './tflite-constants.js';
import { addChannels, convolve, parametricRelu, slide, windowOf } from './tflite-convolutions.js';
import type { TfliteModel, TfliteOperator, TfliteTensor } from './tflite-model.js';

/**
 * Adds a network of a TensorFlow Lite file to a graph. Input and outputs are [N, C, H, W], where the file has [1, H, W,
 * C]. Sides may be dynamic and differ from the file's, because the networks consist of convolutions. A closing reshape
 * is left out. Inside, channels are filled up to whole blocks.
 */
export function addTflite(graph: OnnxGraph, model: TfliteModel, input: Value): Value[] {
  const built = new Map<number, Value>();
  const closing = closingTensors(model);
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
    const channels = model.tensors[output]?.shape[3] ?? 0;
    const around = {
      constant: (place: number) => constantOf(constants, operator.inputs[place]),
      value: (place: number) => built.get(operator.inputs[place] ?? -1),
      channels: closing.has(output) ? channels : wholeBlocks(channels),
    };
    built.set(output, build(graph, operator, x, around));
  }
  return model.outputs.map((index) => built.get(index) ?? fail(`the file does not compute its output ${index}`));
}

/** The tensors that are outputs, and those that only a reshape separates from one. */
function closingTensors({ operators, outputs }: TfliteModel): ReadonlySet<number> {
  const closing = new Set(outputs);
  for (const operator of [...operators].reverse())
    if (operator.kind === 'reshape' && closing.has(only1(operator.outputs)))
      closing.add(only1(operator.inputs.slice(0, 1)));
  return closing;
}

/** What an operator needs beside its first input. Constants go by their place among the operator's inputs. */
interface Surroundings {
  readonly constant: (place: number) => TfliteTensor;
  readonly value: (place: number) => Value | undefined;
  /** Channels of the output, with those that fill up a block. */
  readonly channels: number;
}

function build(
  graph: OnnxGraph,
  operator: TfliteOperator,
  x: Value,
  { constant, value, channels }: Surroundings,
): Value {
  switch (operator.kind) {
    case 'convolution':
    case 'depthwise':
      return convolve(graph, x, operator, { filter: constant(1), bias: constant(2), channels });
    case 'maxPool': {
      const shape = slide(x, operator, operator.window, dimOf(x, 1));
      return only(graph.node('MaxPool', [x], windowOf(operator, operator.window), [{ type: x.type, shape }]));
    }
    case 'add':
      return add(graph, x, value(1) ?? fail('the file adds a constant'));
    case 'relu':
      return relu(graph, x);
    case 'prelu':
      return parametricRelu(graph, x, constant(1));
    case 'pad':
      return addChannels(graph, x, constant(1), channels);
    case 'resizeBilinear':
      return double(graph, x);
    case 'reshape':
      return x;
    case 'dequantize':
      return fail('only constants are dequantized');
  }
}

/** Enlarges to twice the sides: no other enlargement occurs. */
function double(graph: OnnxGraph, x: Value): Value {
  const shape = x.shape.map((dim, axis) =>
    axis < 2 ? dim : typeof dim === 'number' ? dim * 2 : dim.endsWith('/2') ? dim.slice(0, -2) : `${dim}*2`,
  );
  const scales = graph.weight('twice', weightOf([4], [1, 1, 2, 2]));
  const attributes = { mode: { text: 'linear' }, coordinate_transformation_mode: { text: 'half_pixel' } };
  return only(graph.node('Resize', [x, null, scales], attributes, [{ type: x.type, shape }]));
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
