import type { RoleTensors } from '@styleflow/checkpoints';
import type { OnnxGraph, Value } from '@styleflow/onnx';
import {
  add,
  batchNorm,
  cast,
  concat,
  conv2d,
  leakyRelu,
  lengthOf,
  linear,
  maxPool2d,
  mean,
  multiply,
  parametricRelu,
  relu,
  reshape,
  resizeBilinear,
  sigmoid,
} from '@styleflow/onnx';
import { affineOf, foldNorm, NORM_EPSILON } from './batch-norm.js';

/** Side of the pictures that the encoder sees. */
export const PSP_SIDE = 256;
/** Style codes of a picture (W+ of a 1024-pixel generator: 2·log2(1024) − 2). */
export const STYLE_LAYERS = 18;

/** Units of the encoder's body and those that halve the side: the first of each group of 3, 4, 14 and 3. */
const UNITS = 24;
export const HALVING_UNITS: readonly number[] = [0, 3, 7, 21];
/** Units whose outputs the feature pyramid taps. */
const TAPS = { c1: 6, c2: 20, c3: 23 };
/** Styles 0–2 read the coarse map, 3–6 the middle one, 7–17 the fine one. */
const FIRST_MIDDLE_STYLE = 3;
const FIRST_FINE_STYLE = 7;

/**
 * pixel2style2pixel's GradualStyleEncoder: an IR-SE-50 body, a feature pyramid, 18 style blocks.
 * `images` float32 [N, 3, 256, 256], RGB in −1..1 → codes float32 [N, 18, S], without the checkpoint's `latent_avg`
 * (which cancels in the differences that the style branch takes). In half precision the last layer of each style stays
 * float32: its outputs are subtracted from each other, which would leave little of a half's 11 bits.
 */
export function pspEncoder(graph: OnnxGraph, tensors: RoleTensors, images: Value): Value {
  const [width = 0] = tensors.shape('input_layer.0.weight', ['*', 3, 3, 3]);
  const first = normedConv(
    graph,
    tensors,
    cast(graph, images, graph.floats),
    'input_layer.0',
    'input_layer.1',
    [width, 3, 3, 3],
    1,
  );
  let x = prelu(graph, tensors, first, 'input_layer.2', width);
  const outputs: Value[] = [];
  for (let unit = 0; unit < UNITS; unit++) {
    x = bottleneck(graph, tensors, x, `body.${unit}`, HALVING_UNITS.includes(unit) ? 2 : 1);
    outputs.push(x);
  }
  const tap = (unit: number): Value => outputs[unit] ?? x;
  const coarse = tap(TAPS.c3);
  const middle = merge(graph, tensors, coarse, tap(TAPS.c2), 'latlayer1');
  const fine = merge(graph, tensors, middle, tap(TAPS.c1), 'latlayer2');
  const codes = Array.from({ length: STYLE_LAYERS }, (_, style) => {
    const map = style < FIRST_MIDDLE_STYLE ? coarse : style < FIRST_FINE_STYLE ? middle : fine;
    return styleBlock(graph, tensors, map, `styles.${style}`);
  });
  return concat(graph, codes, 1);
}

/** IR-SE unit: shortcut + SE(BN(conv(PReLU(conv(BN(x)))))); the second convolution strides. */
function bottleneck(graph: OnnxGraph, tensors: RoleTensors, x: Value, name: string, stride: 1 | 2): Value {
  const input = lengthOf(x, 1);
  const residual = `${name}.res_layer`;
  const [output = 0] = tensors.shape(`${residual}.1.weight`, ['*', input, 3, 3]);
  // This norm stands before a padded convolution: folding it would shift the padding, so it stays a node.
  const normed = norm(graph, tensors, x, `${residual}.0`);
  const firstWeight = graph.weight(
    `${residual}.1.weight`,
    tensors.weight(`${residual}.1.weight`, [output, input, 3, 3]),
  );
  const first = conv2d(graph, normed, firstWeight, null, { pad: [1, 1] });
  const rectified = prelu(graph, tensors, first, `${residual}.2`, output);
  const shape = [output, output, 3, 3] as const;
  const second = normedConv(graph, tensors, rectified, `${residual}.3`, `${residual}.4`, shape, stride);
  const excited = squeezeExcite(graph, tensors, second, `${residual}.5`);
  return add(graph, shortcut(graph, tensors, x, `${name}.shortcut_layer`, output, stride), excited);
}

/** A 1×1 convolution where the width changes, else the picture points that the stride meets. */
function shortcut(
  graph: OnnxGraph,
  tensors: RoleTensors,
  x: Value,
  name: string,
  output: number,
  stride: 1 | 2,
): Value {
  const input = lengthOf(x, 1);
  if (input === output) {
    return stride === 1 ? x : maxPool2d(graph, x, { kernel: [1, 1], stride: [stride, stride] });
  }
  return normedConv(graph, tensors, x, `${name}.0`, `${name}.1`, [output, input, 1, 1], stride);
}

/** Scales each channel by a number in 0..1 computed from all channel means. */
function squeezeExcite(graph: OnnxGraph, tensors: RoleTensors, x: Value, name: string): Value {
  const channels = lengthOf(x, 1);
  const [squeezed = 0] = tensors.shape(`${name}.fc1.weight`, ['*', channels, 1, 1]);
  const down = graph.weight(`${name}.fc1.weight`, tensors.weight(`${name}.fc1.weight`, [squeezed, channels, 1, 1]));
  const up = graph.weight(`${name}.fc2.weight`, tensors.weight(`${name}.fc2.weight`, [channels, squeezed, 1, 1]));
  const means = cast(graph, mean(graph, x, [2, 3], true), x.type);
  return multiply(graph, x, sigmoid(graph, conv2d(graph, relu(graph, conv2d(graph, means, down, null)), up, null)));
}

/** Doubles the coarser map (corners aligned) and adds the finer one, brought to its width. */
function merge(graph: OnnxGraph, tensors: RoleTensors, coarser: Value, finer: Value, name: string): Value {
  const shape = [lengthOf(coarser, 1), lengthOf(finer, 1), 1, 1];
  const weight = graph.weight(`${name}.weight`, tensors.weight(`${name}.weight`, shape));
  const bias = graph.weight(`${name}.bias`, tensors.weight(`${name}.bias`, [lengthOf(coarser, 1)]));
  const doubled = resizeBilinear(graph, coarser, [lengthOf(finer, 2), lengthOf(finer, 3)]);
  return add(graph, doubled, conv2d(graph, finer, weight, bias));
}

/** Halving convolutions down to one point, then a linear layer: [N, C, side, side] → [N, 1, S]. */
function styleBlock(graph: OnnxGraph, tensors: RoleTensors, map: Value, name: string): Value {
  let x = map;
  for (let index = 0; lengthOf(x, 2) > 1; index += 2) {
    const convolution = `${name}.convs.${index}`;
    const input = lengthOf(x, 1);
    const [output = 0] = tensors.shape(`${convolution}.weight`, ['*', input, 3, 3]);
    const weight = graph.weight(
      `${convolution}.weight`,
      tensors.weight(`${convolution}.weight`, [output, input, 3, 3]),
    );
    const bias = graph.weight(`${convolution}.bias`, tensors.weight(`${convolution}.bias`, [output]));
    x = leakyRelu(graph, conv2d(graph, x, weight, bias, { stride: [2, 2], pad: [1, 1] }), 0.01);
  }
  const width = lengthOf(x, 1);
  const [styleDim = 0] = tensors.shape(`${name}.linear.weight`, ['*', width]);
  // An equalised linear layer stores its weight unscaled.
  const weight = tensors.transposed(`${name}.linear.weight`, [styleDim, width], 1 / Math.sqrt(width));
  const code = graph.inFloats('float32', () =>
    linear(
      graph,
      cast(graph, reshape(graph, x, ['N', width]), 'float32'),
      graph.weight(`${name}.linear.weight`, weight),
      graph.weight(`${name}.linear.bias`, tensors.weight(`${name}.linear.bias`, [styleDim])),
    ),
  );
  return reshape(graph, code, ['N', 1, styleDim]);
}

function normedConv(
  graph: OnnxGraph,
  tensors: RoleTensors,
  x: Value,
  convolution: string,
  norm: string,
  shape: readonly [number, number, number, number],
  stride: 1 | 2,
): Value {
  const folded = foldNorm(tensors, `${convolution}.weight`, norm, shape);
  const weight = graph.weight(`${convolution}.weight`, folded.weight);
  const pad = Math.floor(shape[2] / 2);
  return conv2d(graph, x, weight, graph.weight(`${convolution}.bias`, folded.bias), {
    stride: [stride, stride],
    pad: [pad, pad],
  });
}

function prelu(graph: OnnxGraph, tensors: RoleTensors, x: Value, name: string, channels: number): Value {
  const slope = tensors.weight(`${name}.weight`, [channels], [channels, 1, 1]);
  return parametricRelu(graph, x, graph.weight(`${name}.weight`, slope));
}

function norm(graph: OnnxGraph, tensors: RoleTensors, x: Value, name: string): Value {
  if (x.type === 'float16') {
    // Factor and summand are formed from the statistics in double precision and rounded once.
    const { scale, shift } = affineOf(tensors, name, [lengthOf(x, 1), 1, 1]);
    const scaled = multiply(graph, x, graph.weight(`${name}.scale`, scale));
    return add(graph, scaled, graph.weight(`${name}.shift`, shift));
  }
  const part = (suffix: string): Value =>
    graph.weight(`${name}.${suffix}`, tensors.weight(`${name}.${suffix}`, [lengthOf(x, 1)]));
  const statistics = {
    weight: part('weight'),
    bias: part('bias'),
    mean: part('running_mean'),
    variance: part('running_var'),
  };
  return batchNorm(graph, x, statistics, NORM_EPSILON);
}
