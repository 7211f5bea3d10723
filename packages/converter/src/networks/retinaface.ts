import type { RoleTensors } from '@styleflow/checkpoints';
import {
  add,
  cast,
  concat,
  constant,
  conv2d,
  leakyRelu,
  lengthOf,
  OnnxGraph,
  relu,
  reshape,
  resizeNearestLike,
  slice,
  softmax,
  subtract,
  transpose,
  type Value,
} from '@styleflow/onnx';
import { foldNorm } from './batch-norm.js';

/**
 * Taken off red, green, blue in this order. They are the means of blue, green, red: the original feeds a network that was
 * trained on BGR with RGB, and its boxes are only met by doing the same.
 */
const CHANNEL_MEANS = [104, 117, 123];
/** Strides of the units of each body stage. */
const STRIDES = { 1: [2, 1, 2, 1, 2, 1], 2: [2, 1, 1, 1, 1, 1], 3: [2, 1] } as const;
const BODY_SLOPE = 0.1;
/** Pyramids up to this wide leak, wider ones rectify. */
const WIDEST_LEAKY_PYRAMID = 64;
/** Boxes that each cell proposes. */
const ANCHORS = 2;

interface ConvolutionOptions {
  readonly kernel: 1 | 3;
  readonly stride?: 1 | 2;
  /** Place of the convolution in its sequence; its norm follows it. */
  readonly at?: number;
  readonly group?: number;
  readonly out?: number | '*';
  /** Of the leaky rectification behind it; null for none. */
  readonly slope: number | null;
}

/**
 * RetinaFace with a MobileNet body (width 0.25), for pictures of any size.
 *
 * Input `pictures` uint8 [N, H, W, 3]: RGB. Outputs for the P proposals (strides 8, 16, 32; rows of cells; small anchor
 * first): `scores` float32 [N, P], 0..1; `boxes` [N, P, 4] and `points` [N, P, 10], as the network gives them, undecoded.
 * @throws JobError `invalid_request` that names the tensor which is missing or has another shape.
 */
export function retinafaceGraph(tensors: RoleTensors): OnnxGraph {
  const graph = new OnnxGraph('retinaface');
  const pictures = graph.input('pictures', 'uint8', ['N', 'H', 'W', 3]);
  const planes = cast(graph, transpose(graph, pictures, [0, 3, 1, 2]), 'float32');
  const centred = subtract(graph, planes, constant(graph, 'channel-means', CHANNEL_MEANS, [1, 3, 1, 1]));
  const fine = bodyStage(graph, tensors, centred, 1);
  const middle = bodyStage(graph, tensors, fine, 2);
  const coarse = bodyStage(graph, tensors, middle, 3);
  const levels = pyramid(graph, tensors, [fine, middle, coarse]);
  const classes = softmax(graph, head(graph, tensors, levels, 'ClassHead', 2), 2);
  const faces = slice(graph, classes, 2, 1, 2);
  graph.output('scores', reshape(graph, faces, faces.shape.slice(0, 2)));
  graph.output('boxes', head(graph, tensors, levels, 'BboxHead', 4));
  graph.output('points', head(graph, tensors, levels, 'LandmarkHead', 10));
  return graph;
}

/** Units of depthwise and pointwise convolutions; the very first one is a plain convolution. */
function bodyStage(graph: OnnxGraph, tensors: RoleTensors, input: Value, stage: 1 | 2 | 3): Value {
  let x = input;
  for (const [unit, stride] of STRIDES[stage].entries()) {
    const name = `body.stage${stage}.${unit}`;
    if (stage === 1 && unit === 0) {
      x = convolve(graph, tensors, x, name, { kernel: 3, stride, slope: BODY_SLOPE });
      continue;
    }
    const channels = lengthOf(x, 1);
    const depthwise = { kernel: 3, stride, group: channels, out: channels, slope: BODY_SLOPE } as const;
    x = convolve(graph, tensors, x, name, depthwise);
    x = convolve(graph, tensors, x, name, { kernel: 1, at: 3, slope: BODY_SLOPE });
  }
  return x;
}

/** Feature pyramid and the context module of each level; the coarsest level is not merged. */
function pyramid(
  graph: OnnxGraph,
  tensors: RoleTensors,
  [fine, middle, coarse]: readonly [Value, Value, Value],
): Value[] {
  const [out = 0] = tensors.shape('fpn.output1.0.weight', ['*', lengthOf(fine, 1), 1, 1]);
  const slope = out <= WIDEST_LEAKY_PYRAMID ? BODY_SLOPE : 0;
  const lateral = (x: Value, level: number): Value =>
    convolve(graph, tensors, x, `fpn.output${level}`, { kernel: 1, out, slope });
  const merge = (x: Value, coarser: Value, level: number): Value => {
    const sum = add(graph, x, resizeNearestLike(graph, coarser, x));
    return convolve(graph, tensors, sum, `fpn.merge${level}`, { kernel: 3, out, slope });
  };
  const third = lateral(coarse, 3);
  const second = merge(lateral(middle, 2), third, 2);
  const first = merge(lateral(fine, 1), second, 1);
  return [first, second, third].map((level, index) => context(graph, tensors, level, `ssh${index + 1}`, slope));
}

/** SSH's context module: views of 3, 5 and 7 points side by side, the wider ones made of several of 3. */
function context(graph: OnnxGraph, tensors: RoleTensors, x: Value, name: string, slope: number): Value {
  const layer = (input: Value, part: string, leak: number | null): Value =>
    convolve(graph, tensors, input, `${name}.${part}`, { kernel: 3, slope: leak });
  const shared = layer(x, 'conv5X5_1', slope);
  const views = [
    layer(x, 'conv3X3', null),
    layer(shared, 'conv5X5_2', null),
    layer(layer(shared, 'conv7X7_2', slope), 'conv7x7_3', null),
  ];
  return relu(graph, concat(graph, views, 1));
}

/** `values` numbers of every proposal of all levels: [N, P, values]. */
function head(graph: OnnxGraph, tensors: RoleTensors, levels: readonly Value[], name: string, values: number): Value {
  const parts = levels.map((level, index) => {
    const at = `${name}.${index}.conv1x1`;
    const out = ANCHORS * values;
    const weight = graph.weight(`${at}.weight`, tensors.weight(`${at}.weight`, [out, lengthOf(level, 1), 1, 1]));
    const bias = graph.weight(`${at}.bias`, tensors.weight(`${at}.bias`, [out]));
    const cells = transpose(graph, conv2d(graph, level, weight, bias), [0, 2, 3, 1]);
    return reshape(graph, cells, ['N', `P${index + 1}`, values]);
  });
  return concat(graph, parts, 1);
}

/** Convolution, batch norm (folded into it) and leaky rectification. */
function convolve(
  graph: OnnxGraph,
  tensors: RoleTensors,
  x: Value,
  name: string,
  { kernel, stride = 1, at = 0, group = 1, out = '*', slope }: ConvolutionOptions,
): Value {
  const convolution = `${name}.${at}`;
  const perGroup = lengthOf(x, 1) / group;
  const [width = 0] = tensors.shape(`${convolution}.weight`, [out, perGroup, kernel, kernel]);
  const shape = [width, perGroup, kernel, kernel];
  const folded = foldNorm(tensors, `${convolution}.weight`, `${name}.${at + 1}`, shape);
  const weight = graph.weight(`${convolution}.weight`, folded.weight);
  const bias = graph.weight(`${convolution}.bias`, folded.bias);
  const pad = (kernel - 1) / 2;
  const y = conv2d(graph, x, weight, bias, { stride: [stride, stride], pad: [pad, pad], group });
  return slope === null ? y : leakyRelu(graph, y, slope);
}
