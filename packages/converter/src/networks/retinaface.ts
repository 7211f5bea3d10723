import type { RoleTensors } from '@styleflow/checkpoints';
import {
  add,
  cast,
  concat,
  constant,
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
import { NetworkScope } from './network-scope.js';

/**
 * Subtracted from red, green, blue in this order. They are the means of blue, green, red: the original gives RGB to a
 * network that was trained on BGR, and only the same mistake gives the same boxes.
 */
const CHANNEL_MEANS = [104, 117, 123];
/** Strides of the units of each body stage. */
const STRIDES = { 1: [2, 1, 2, 1, 2, 1], 2: [2, 1, 1, 1, 1, 1], 3: [2, 1] } as const;
const BODY_SLOPE = 0.1;
/** Pyramids up to this width use a leaky rectifier, wider ones a plain one. */
const WIDEST_LEAKY_PYRAMID = 64;
/** Boxes that each cell proposes. */
const ANCHORS = 2;

interface LayerForm {
  readonly kernel: 1 | 3;
  readonly stride?: 1 | 2;
  /** Index of the convolution in its sequence. The norm comes right after it. */
  readonly place?: number;
  readonly group?: number;
  readonly out?: number | '*';
  /** Slope of the leaky rectifier behind the convolution; null for none. */
  readonly slope: number | null;
}

/**
 * RetinaFace with a MobileNet body (width 0.25), for pictures of any size.
 *
 * Input `pictures` uint8 [N, H, W, 3]: RGB. Outputs for the P proposals (by strides 8, 16, 32, then cells in rows, then
 * the small anchor before the large one): `scores` float32 [N, P], 0..1; `boxes` [N, P, 4] and `points` [N, P, 10] as
 * the network gives them, not decoded.
 * @throws JobError `invalid_request` that names the tensor which is missing or has another shape.
 */
export function retinafaceGraph(tensors: RoleTensors): OnnxGraph {
  const graph = new OnnxGraph('retinaface');
  const net = new NetworkScope(graph, tensors);
  const pictures = graph.input('pictures', 'uint8', ['N', 'H', 'W', 3]);
  const planes = cast(graph, transpose(graph, pictures, [0, 3, 1, 2]), 'float32');
  const centred = subtract(graph, planes, constant(graph, 'channel-means', CHANNEL_MEANS, [1, 3, 1, 1]));
  const fine = bodyStage(net, centred, 1);
  const middle = bodyStage(net, fine, 2);
  const coarse = bodyStage(net, middle, 3);
  const levels = pyramid(net, [fine, middle, coarse]);
  const classes = softmax(graph, head(net.at('ClassHead'), levels, 2), 2);
  const faces = slice(graph, classes, 2, 1, 2);
  graph.output('scores', reshape(graph, faces, faces.shape.slice(0, 2)));
  graph.output('boxes', head(net.at('BboxHead'), levels, 4));
  graph.output('points', head(net.at('LandmarkHead'), levels, 10));
  return graph;
}

/** The units of a stage, each a depthwise and a pointwise convolution. The very first unit is a plain convolution. */
function bodyStage(net: NetworkScope, input: Value, stage: 1 | 2 | 3): Value {
  let x = input;
  for (const [unit, stride] of STRIDES[stage].entries()) {
    const sequence = net.at(`body.stage${stage}.${unit}`);
    if (stage === 1 && unit === 0) {
      x = layer(sequence, x, { kernel: 3, stride, slope: BODY_SLOPE });
      continue;
    }
    const channels = lengthOf(x, 1);
    x = layer(sequence, x, { kernel: 3, stride, group: channels, out: channels, slope: BODY_SLOPE });
    x = layer(sequence, x, { kernel: 1, place: 3, slope: BODY_SLOPE });
  }
  return x;
}

/** The feature pyramid, and the context module of each level. Nothing is merged into the coarsest level. */
function pyramid(net: NetworkScope, [fine, middle, coarse]: readonly [Value, Value, Value]): Value[] {
  const { graph } = net;
  const fpn = net.at('fpn');
  const [out = 0] = fpn.shape('output1.0.weight', ['*', lengthOf(fine, 1), 1, 1]);
  const slope = out <= WIDEST_LEAKY_PYRAMID ? BODY_SLOPE : 0;
  const lateral = (x: Value, level: number): Value => layer(fpn.at(`output${level}`), x, { kernel: 1, out, slope });
  const merge = (x: Value, coarser: Value, level: number): Value => {
    const sum = add(graph, x, resizeNearestLike(graph, coarser, x));
    return layer(fpn.at(`merge${level}`), sum, { kernel: 3, out, slope });
  };
  const third = lateral(coarse, 3);
  const second = merge(lateral(middle, 2), third, 2);
  const first = merge(lateral(fine, 1), second, 1);
  return [first, second, third].map((level, index) => context(net.at(`ssh${index + 1}`), level, slope));
}

/** SSH's context module: windows of 3, 5 and 7 points side by side. The wider ones are chains of windows of 3. */
function context(net: NetworkScope, x: Value, slope: number): Value {
  const part = (name: string, input: Value, leak: number | null): Value =>
    layer(net.at(name), input, { kernel: 3, slope: leak });
  const shared = part('conv5X5_1', x, slope);
  const views = [
    part('conv3X3', x, null),
    part('conv5X5_2', shared, null),
    part('conv7x7_3', part('conv7X7_2', shared, slope), null),
  ];
  return relu(net.graph, concat(net.graph, views, 1));
}

/** One head: `values` numbers for each proposal of all levels, [N, P, values]. */
function head(net: NetworkScope, levels: readonly Value[], values: number): Value {
  const { graph } = net;
  const parts = levels.map((level, index) => {
    const proposals = net.at(`${index}.conv1x1`).conv(level, { kernel: 1, out: ANCHORS * values });
    const cells = transpose(graph, proposals, [0, 2, 3, 1]);
    return reshape(graph, cells, ['N', `P${index + 1}`, values]);
  });
  return concat(graph, parts, 1);
}

/** A convolution, its batch norm (folded into it) and a leaky rectifier. */
function layer(net: NetworkScope, x: Value, { place = 0, slope, ...form }: LayerForm): Value {
  const y = net.normedConv(x, { conv: `${place}`, norm: `${place + 1}`, ...form });
  return slope === null ? y : leakyRelu(net.graph, y, slope);
}
