import {
  add,
  batchNorm,
  cast,
  concat,
  leakyRelu,
  lengthOf,
  maxPool2d,
  mean,
  multiply,
  parametricRelu,
  relu,
  reshape,
  resizeBilinear,
  sigmoid,
  type Value,
} from '@styleflow/onnx';
import { NORM_EPSILON } from './batch-norm.js';
import type { NetworkScope } from './network-scope.js';

/** Side of the pictures that the encoder sees. */
export const PSP_SIDE = 256;
/** Style codes of a picture: W+ of a generator for 1024 pixels has 2·log2(1024) − 2. */
export const STYLE_LAYERS = 18;

/** The encoder's body has groups of 3, 4, 14 and 3 units. The first unit of each group halves the side. */
const UNITS = 24;
export const HALVING_UNITS: readonly number[] = [0, 3, 7, 21];
/** The units whose outputs go to the feature pyramid. */
const TAPS = { c1: 6, c2: 20, c3: 23 };
/** Styles 0–2 read the coarse map, 3–6 the middle one, 7–17 the fine one. */
const FIRST_MIDDLE_STYLE = 3;
const FIRST_FINE_STYLE = 7;

/**
 * pixel2style2pixel's GradualStyleEncoder: an IR-SE-50 body, a feature pyramid, 18 style blocks. `images` float32 [N,
 * 3, 256, 256], RGB in −1..1 → codes float32 [N, 18, S], without the checkpoint's `latent_avg`, which cancels in the
 * differences that the style branch takes. In half precision the last layer of each style stays float32, because its
 * outputs are subtracted from each other and a half's 11 bits would leave little of the difference.
 */
export function pspEncoder(net: NetworkScope, images: Value): Value {
  const { graph } = net;
  const first = net
    .at('input_layer')
    .normedConv(cast(graph, images, graph.floats), { conv: '0', norm: '1', kernel: 3 });
  let x = prelu(net.at('input_layer.2'), first);
  const outputs: Value[] = [];
  for (let unit = 0; unit < UNITS; unit++) {
    x = bottleneck(net.at(`body.${unit}`), x, HALVING_UNITS.includes(unit) ? 2 : 1);
    outputs.push(x);
  }
  const tap = (unit: number): Value => outputs[unit] ?? x;
  const coarse = tap(TAPS.c3);
  const middle = merge(net.at('latlayer1'), coarse, tap(TAPS.c2));
  const fine = merge(net.at('latlayer2'), middle, tap(TAPS.c1));
  const codes = Array.from({ length: STYLE_LAYERS }, (_, style) => {
    const map = style < FIRST_MIDDLE_STYLE ? coarse : style < FIRST_FINE_STYLE ? middle : fine;
    return styleBlock(net.at(`styles.${style}`), map);
  });
  return concat(graph, codes, 1);
}

/** IR-SE unit: shortcut + SE(BN(conv(PReLU(conv(BN(x)))))); the second convolution strides. */
function bottleneck(net: NetworkScope, x: Value, stride: 1 | 2): Value {
  const residual = net.at('res_layer');
  const [output = 0] = residual.shape('1.weight', ['*', lengthOf(x, 1), 3, 3]);
  // This norm stays a node of its own: a padded convolution follows, and folding would shift the padding.
  const normed = norm(residual.at('0'), x);
  const first = residual.at('1').conv(normed, { kernel: 3, out: output, bias: false });
  const rectified = prelu(residual.at('2'), first);
  const second = residual.normedConv(rectified, { conv: '3', norm: '4', kernel: 3, out: output, stride });
  const excited = squeezeExcite(residual.at('5'), second);
  return add(net.graph, shortcut(net.at('shortcut_layer'), x, output, stride), excited);
}

/** The unit's shortcut: a 1×1 convolution where the width changes, else each point that the stride meets. */
function shortcut(net: NetworkScope, x: Value, output: number, stride: 1 | 2): Value {
  if (lengthOf(x, 1) === output) {
    return stride === 1 ? x : maxPool2d(net.graph, x, { kernel: [1, 1], stride: [stride, stride] });
  }
  return net.normedConv(x, { conv: '0', norm: '1', kernel: 1, out: output, stride });
}

/** Scales each channel by a number in 0..1 that is computed from the means of all channels. */
function squeezeExcite(net: NetworkScope, x: Value): Value {
  const { graph } = net;
  const channels = lengthOf(x, 1);
  const [squeezed = 0] = net.shape('fc1.weight', ['*', channels, 1, 1]);
  const down = net.at('fc1').convolution(channels, { kernel: 1, out: squeezed, bias: false });
  const up = net.at('fc2').convolution(squeezed, { kernel: 1, out: channels, bias: false });
  const means = cast(graph, mean(graph, x, [2, 3], true), x.type);
  return multiply(graph, x, sigmoid(graph, up(relu(graph, down(means)))));
}

/** Doubles the coarser map (corners aligned), brings the finer one to its width, and adds both. */
function merge(net: NetworkScope, coarser: Value, finer: Value): Value {
  const { graph } = net;
  const widen = net.convolution(lengthOf(finer, 1), { kernel: 1, out: lengthOf(coarser, 1) });
  const doubled = resizeBilinear(graph, coarser, [lengthOf(finer, 2), lengthOf(finer, 3)]);
  return add(graph, doubled, widen(finer));
}

/** Convolutions that halve the map down to one point, then a linear layer: [N, C, side, side] → [N, 1, S]. */
function styleBlock(net: NetworkScope, map: Value): Value {
  const { graph } = net;
  let x = map;
  for (let index = 0; lengthOf(x, 2) > 1; index += 2) {
    x = leakyRelu(graph, net.at(`convs.${index}`).conv(x, { kernel: 3, stride: 2 }), 0.01);
  }
  const width = lengthOf(x, 1);
  const [styleDim = 0] = net.shape('linear.weight', ['*', width]);
  const code = graph.inFloats('float32', () => {
    const features = cast(graph, reshape(graph, x, ['N', width]), 'float32');
    // An equalised linear layer stores its weight unscaled.
    return net.at('linear').dense(features, styleDim, 1 / Math.sqrt(width));
  });
  return reshape(graph, code, ['N', 1, styleDim]);
}

function prelu(net: NetworkScope, x: Value): Value {
  const channels = lengthOf(x, 1);
  return parametricRelu(net.graph, x, net.weight('weight', [channels], [channels, 1, 1]));
}

function norm(net: NetworkScope, x: Value): Value {
  const { graph } = net;
  const channels = lengthOf(x, 1);
  if (x.type === 'float16') {
    // The factor and the summand are computed from the statistics in double precision and rounded once.
    const { scale, shift } = net.affine([channels, 1, 1]);
    const scaled = multiply(graph, x, net.add('scale', scale));
    return add(graph, scaled, net.add('shift', shift));
  }
  const statistics = {
    weight: net.weight('weight', [channels]),
    bias: net.weight('bias', [channels]),
    mean: net.weight('running_mean', [channels]),
    variance: net.weight('running_var', [channels]),
  };
  return batchNorm(graph, x, statistics, NORM_EPSILON);
}
