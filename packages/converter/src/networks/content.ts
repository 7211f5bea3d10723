import {
  add,
  cast,
  concat,
  conv2d,
  dimOf,
  lengthOf,
  maxPool2d,
  mean,
  type OnnxGraph,
  relu,
  reshape,
  slice,
  transpose,
  type Value,
} from '@styleflow/onnx';
import type { NetworkScope } from './network-scope.js';

/** Frames of a clip. */
export const CLIP_FRAMES = 32;
/** Side of the pictures that the content network sees. */
export const CONTENT_SIDE = 224;
/** Tokens of a clip: the time steps that are left after the pool behind stage 2. */
export const CLIP_TOKENS = 16;

/** Bottleneck blocks of the stages 2, 3 and 4 (ResNet-50, cut after stage 4). */
const STAGES = [
  { stage: 's2', blocks: 3, halves: false },
  { stage: 's3', blocks: 4, halves: true },
  { stage: 's4', blocks: 6, halves: true },
] as const;

/**
 * At full size the stem's output would be the largest value by far, 411 MB a clip
 * (decisions/0007-pixels-in-the-order-of-pools.md). So the stem runs on this many parts of the picture, and each part
 * is pooled at once. That also takes less time.
 */
const STEM_PARTS = 16;

/**
 * Feature maps [B, C, T, side·side]. No convolution of this network mixes space, so height and width are one axis, and
 * every convolution is two-dimensional, over time and that axis: quicker than in three dimensions. For the same reason
 * the pixels may stand in any order on that axis. Squares that will be pooled into one pixel are neighbours there, so
 * that the pool is two-dimensional too and the runtime keeps its blocked layout. The times are in
 * decisions/0007-pixels-in-the-order-of-pools.md.
 */
interface Maps {
  readonly value: Value;
  readonly side: number;
}

/**
 * The content network (StyleFlow's content branch, which is FTCN's): an I3D ResNet-50 whose convolutions are temporal
 * only. Only max pooling and the final mean mix space. Batch norms are folded.
 *
 * `frames` float32 [B, 3, 32, 224, 224], ImageNet-normalised RGB → tokens float32 [B, 16, C].
 */
export function contentNetwork(net: NetworkScope, frames: Value): Value {
  const { graph } = net;
  const typed = cast(graph, frames, graph.floats);
  let maps = stem(net.at('s1.pathway0_stem'), { value: inSquares(graph, typed), side: CONTENT_SIDE });
  for (const { stage, blocks, halves } of STAGES) {
    for (let block = 0; block < blocks; block++) {
      // Temporal kernels: 3 throughout stage 2; 3, 1, 3, 1, … in stages 3 and 4.
      const kernel = stage === 's2' || block % 2 === 0 ? 3 : 1;
      const form = { kernel, projects: block === 0, halves: halves && block === 0 };
      maps = bottleneck(net.at(`${stage}.pathway0_res${block}`), maps, form);
    }
    if (stage === 's2') {
      maps = { ...maps, value: maxPool2d(graph, maps.value, { kernel: [2, 1], stride: [2, 1] }) };
    }
  }
  return transpose(graph, mean(graph, maps.value, [3]), [0, 2, 1]);
}

/** Convolution, norm, pool over squares of 2 × 2, ReLU, pool of 3 × 3 by steps of 2: 64 channels of 56 × 56. */
function stem(net: NetworkScope, maps: Maps): Maps {
  const { graph } = net;
  const [width = 0] = net.shape('conv.weight', ['*', 3, 5, 1, 1]);
  const apply = temporalConvolution(net, { conv: 'conv', norm: 'bn.0', shape: [width, 3, 5] });
  const pixels = (maps.side * maps.side) / STEM_PARTS;
  const parts = Array.from({ length: STEM_PARTS }, (_, part) => {
    const value = slice(graph, maps.value, 3, part * pixels, (part + 1) * pixels);
    return relu(graph, halve(graph, apply({ ...maps, value })).value);
  });
  return inNestedSquares(graph, poolRows(graph, { side: maps.side / 2, value: concat(graph, parts, 3) }));
}

/**
 * Pictures [B, C, T, side, side] → [B, C, T, side²]. Pixels stand in squares of 2 × 2, and these in rows from the top.
 */
function inSquares(graph: OnnxGraph, pictures: Value): Value {
  const [batch, channels, time] = [dimOf(pictures, 0), lengthOf(pictures, 1), lengthOf(pictures, 2)];
  const side = lengthOf(pictures, 3);
  const split = reshape(graph, pictures, [batch, channels, time, side / 2, 2, side / 2, 2]);
  return reshape(graph, transpose(graph, split, [0, 1, 2, 3, 5, 4, 6]), [batch, channels, time, side * side]);
}

/** Reorders pixels from rows to squares of 2 × 2 within squares of 4 × 4, because two halvings follow. */
function inNestedSquares(graph: OnnxGraph, { value, side }: Maps): Maps {
  const [batch, channels, time] = [dimOf(value, 0), lengthOf(value, 1), lengthOf(value, 2)];
  // The rows of 4 × 4 squares share an axis with channels and time. That makes seven axes, and every provider
  // transposes as many.
  const split = reshape(graph, value, [batch, (channels * time * side) / 4, 2, 2, side / 4, 2, 2]);
  const nested = transpose(graph, split, [0, 1, 4, 2, 5, 3, 6]);
  return { side, value: reshape(graph, nested, [batch, channels, time, side * side]) };
}

interface BlockForm {
  readonly kernel: number;
  /** Whether the shortcut is a convolution. */
  readonly projects: boolean;
  /** Whether height and width are halved, by a max pool behind the second convolution and behind the shortcut. */
  readonly halves: boolean;
}

/** a (temporal) → b → c (both 1×1×1), added to the shortcut. */
function bottleneck(net: NetworkScope, maps: Maps, form: BlockForm): Maps {
  const { graph } = net;
  const input = lengthOf(maps.value, 1);
  const branch = net.at('branch2');
  const [inner = 0] = branch.shape('a.weight', ['*', input, form.kernel, 1, 1]);
  const [output = 0] = branch.shape('c.weight', [form.projects ? '*' : input, inner, 1, 1, 1]);
  // The tensor's name shows whether a pool follows: it then makes the norm the first member of a sequence.
  const pooledNorm = form.halves ? '.0' : '';
  const layer = (conv: string, norm: string, shape: TemporalShape) =>
    temporalConvolution(branch, { conv, norm, shape });
  const a = layer('a', 'a_bn', [inner, input, form.kernel])(maps);
  const rectified = { ...a, value: relu(graph, a.value) };
  const b = layer('b', `b_bn${pooledNorm}`, [inner, inner, 1])(rectified);
  const pooled = form.halves ? halve(graph, b) : b;
  const activated = { ...pooled, value: relu(graph, pooled.value) };
  const c = layer('c', 'c_bn', [output, inner, 1])(activated);
  const projection = { conv: 'branch1', norm: `branch1_bn${pooledNorm}`, shape: [output, input, 1] } as const;
  const shortcut = form.projects ? temporalConvolution(net, projection)(maps) : maps;
  const added = form.halves ? halve(graph, shortcut) : shortcut;
  return { side: c.side, value: relu(graph, add(graph, added.value, c.value)) };
}

/** Channels out, channels in, time steps of the kernel. */
type TemporalShape = readonly [number, number, number];

interface TemporalForm {
  readonly conv: string;
  readonly norm: string;
  readonly shape: TemporalShape;
}

/**
 * A temporal convolution [out, in, kernel, 1, 1] with the batch norm behind it. The number of time steps stays. The
 * returned function may be applied to several maps; they share the weights.
 */
function temporalConvolution(net: NetworkScope, { conv, norm, shape }: TemporalForm): (maps: Maps) => Maps {
  const [out, input, kernel] = shape;
  const { weight, bias } = net.folded({ conv, norm, shape: [out, input, kernel, 1, 1], as: [out, input, kernel, 1] });
  const pad = [Math.floor(kernel / 2), 0] as const;
  return (maps) => ({ ...maps, value: conv2d(net.graph, maps.value, weight, bias, { pad }) });
}

/** The largest of each square: its four pixels are neighbours on the axis. */
function halve(graph: OnnxGraph, { value, side }: Maps): Maps {
  return { side: side / 2, value: maxPool2d(graph, value, { kernel: [1, 4], stride: [1, 4] }) };
}

/**
 * Spatial max pooling of each time step by itself, for pixels in rows from the top. The pool sees the time steps as
 * channels.
 */
function poolRows(graph: OnnxGraph, { value, side }: Maps): Maps {
  const [batch, channels, time] = [dimOf(value, 0), lengthOf(value, 1), lengthOf(value, 2)];
  const rows = reshape(graph, value, [batch, channels * time, side, side]);
  const pooled = maxPool2d(graph, rows, { kernel: [3, 3], stride: [2, 2], pad: [1, 1] });
  const newSide = lengthOf(pooled, 2);
  return { side: newSide, value: reshape(graph, pooled, [batch, channels, time, newSide * newSide]) };
}
