import { weightOf } from '@styleflow/files';
import { add, type Dim, dimOf, lengthOf, type OnnxGraph, only, relu, type Value } from '@styleflow/onnx';
import { channelValues, turnFilter } from './tflite-constants.js';
import type { TfliteOperator, TfliteTensor } from './tflite-model.js';

/** The operators of TensorFlow Lite that slide a window, and those that become one here. */

interface ConvolutionTensors {
  readonly filter: TfliteTensor;
  readonly bias: TfliteTensor;
  /** Channels of the output, with those that fill up a block. */
  readonly channels: number;
}

export function convolve(
  graph: OnnxGraph,
  x: Value,
  operator: TfliteOperator,
  { filter, bias, channels }: ConvolutionTensors,
): Value {
  const [, rows = 0, columns = 0] = filter.shape;
  const isDepthwise = operator.kind === 'depthwise';
  const weight = graph.weight(filter.name, turnFilter(filter, isDepthwise, channels, isDepthwise ? 1 : lengthOf(x, 1)));
  const biasValue = graph.weight(bias.name, weightOf([channels], channelValues(bias, channels)));
  const attributes = { ...windowOf(operator, [rows, columns]), group: { int: isDepthwise ? channels : 1 } };
  const shape = slide(x, operator, [rows, columns], channels);
  return only(graph.node('Conv', [x, weight, biasValue], attributes, [{ type: x.type, shape }]));
}

/**
 * A rectifier whose slope below zero differs by channel, a·x + (1 − a)·max(x, 0). It is built of convolutions with one
 * channel and one point, because the runtime's own operator takes far longer (README "The face networks").
 */
export function parametricRelu(graph: OnnxGraph, x: Value, slope: TfliteTensor): Value {
  const channels = lengthOf(x, 1);
  const slopes = channelValues(slope, channels);
  const scale = (value: Value, name: string, factors: Float32Array): Value => {
    const weight = graph.weight(name, weightOf([channels, 1, 1, 1], factors));
    return only(graph.node('Conv', [value, weight], { kernel_shape: { ints: [1, 1] }, group: { int: channels } }, [x]));
  };
  const above = scale(
    relu(graph, x),
    `${slope.name}/above`,
    slopes.map((a) => 1 - a),
  );
  return add(graph, scale(x, slope.name, slopes), above);
}

/**
 * TensorFlow pads even sides on one side only when the stride is 2. The CPU provider, on which these networks run, can
 * do it.
 */
export function windowOf({ stride, isPadded }: TfliteOperator, kernel: readonly [number, number]) {
  const padding = { text: isPadded ? 'SAME_UPPER' : 'VALID' };
  return { kernel_shape: { ints: kernel }, strides: { ints: stride }, auto_pad: padding };
}

export function slide(
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

/**
 * Appends channels of zeros: `paddings` belong to [N, H, W, C] and pad only the end of the channels. A convolution does
 * it, because it keeps the runtime's blocked layout.
 */
export function addChannels(graph: OnnxGraph, x: Value, paddings: TfliteTensor, channels: number): Value {
  const values = [...(paddings.values ?? [])];
  if (values.length !== 8 || values.slice(0, 7).some((value) => value !== 0))
    throw new RangeError(`${paddings.name} pads more than channels`);
  const had = lengthOf(x, 1);
  if (had === channels) return x;
  const same = new Float32Array(channels * had);
  for (let channel = 0; channel < had; channel++) same[channel * had + channel] = 1;
  const weight = graph.weight(`same/${had}/${channels}`, weightOf([channels, had, 1, 1], same));
  const shape = x.shape.map((dim, axis) => (axis === 1 ? channels : dim));
  return only(graph.node('Conv', [x, weight], { kernel_shape: { ints: [1, 1] } }, [{ type: x.type, shape }]));
}
