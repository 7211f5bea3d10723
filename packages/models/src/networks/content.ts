import type { RoleTensors } from '../checkpoint/role-tensors.js';
import type { OnnxGraph, Value } from '../onnx/onnx-graph.js';
import { conv2d, maxPool2d } from '../onnx/onnx-layers.js';
import { add, cast, dimOf, lengthOf, mean, relu, reshape, transpose } from '../onnx/onnx-operators.js';
import { foldNorm } from './batch-norm.js';

/** Frames of a clip. */
export const CLIP_FRAMES = 32;
/** Side of the pictures that the content network sees. */
export const CONTENT_SIDE = 224;
/** Time steps that are left after the pool behind stage 2: the tokens of a clip. */
export const CLIP_TOKENS = 16;

/** Bottleneck blocks of the stages 2, 3 and 4 (ResNet-50, cut after stage 4). */
const STAGES = [
  { stage: 's2', blocks: 3, halves: false },
  { stage: 's3', blocks: 4, halves: true },
  { stage: 's4', blocks: 6, halves: true },
] as const;

/**
 * Feature maps [B, C, T, side·side]: no convolution of this network mixes space, so height and width are one axis and
 * every convolution is two-dimensional over time and that axis. It takes 0.7 of the time of the same in three dimensions.
 */
interface Maps {
  readonly value: Value;
  readonly side: number;
}

/**
 * The content network: an I3D ResNet-50 whose convolutions are temporal only; space is mixed by max pooling and the
 * final mean alone (StyleFlow's content branch, which is FTCN's). Batch norms are folded.
 *
 * `frames` float32 [B, 3, 32, 224, 224], ImageNet-normalised RGB → tokens float32 [B, 16, C].
 */
export function contentNetwork(graph: OnnxGraph, tensors: RoleTensors, frames: Value): Value {
  const typed = cast(graph, frames, graph.floats);
  const flat = reshape(graph, typed, [dimOf(frames, 0), 3, CLIP_FRAMES, CONTENT_SIDE * CONTENT_SIDE]);
  let maps = stem(graph, tensors, { value: flat, side: CONTENT_SIDE });
  for (const { stage, blocks, halves } of STAGES) {
    for (let block = 0; block < blocks; block++) {
      // Temporal kernels: 3 throughout stage 2; 3, 1, 3, 1, … in stages 3 and 4.
      const kernel = stage === 's2' || block % 2 === 0 ? 3 : 1;
      maps = bottleneck(graph, tensors, maps, `${stage}.pathway0_res${block}`, {
        kernel,
        projects: block === 0,
        halves: halves && block === 0,
      });
    }
    if (stage === 's2') {
      maps = { ...maps, value: maxPool2d(graph, maps.value, { kernel: [2, 1], stride: [2, 1] }) };
    }
  }
  return transpose(graph, mean(graph, maps.value, [3]), [0, 2, 1]);
}

function stem(graph: OnnxGraph, tensors: RoleTensors, maps: Maps): Maps {
  const name = 's1.pathway0_stem';
  const [width = 0] = tensors.shape(`${name}.conv.weight`, ['*', 3, 5, 1, 1]);
  const convolved = convolve(graph, tensors, maps, `${name}.conv`, `${name}.bn.0`, [width, 3, 5]);
  const pooled = halve(graph, convolved);
  const rectified = { ...pooled, value: relu(graph, pooled.value) };
  return pool(graph, rectified, { kernel: [3, 3], stride: [2, 2], pad: [1, 1] });
}

interface BlockForm {
  readonly kernel: number;
  /** The shortcut is a convolution. */
  readonly projects: boolean;
  /** Height and width are halved, by a max pool behind the second convolution and behind the shortcut. */
  readonly halves: boolean;
}

/** a (temporal) → b → c (both 1×1×1), added to the shortcut. */
function bottleneck(graph: OnnxGraph, tensors: RoleTensors, maps: Maps, name: string, form: BlockForm): Maps {
  const input = lengthOf(maps.value, 1);
  const branch = `${name}.branch2`;
  const [inner = 0] = tensors.shape(`${branch}.a.weight`, ['*', input, form.kernel, 1, 1]);
  const [output = 0] = tensors.shape(`${branch}.c.weight`, [form.projects ? '*' : input, inner, 1, 1, 1]);
  // A pool behind the norm makes the norm the first member of a sequence, which its name shows.
  const pooledNorm = form.halves ? '.0' : '';
  const a = convolve(graph, tensors, maps, `${branch}.a`, `${branch}.a_bn`, [inner, input, form.kernel]);
  const rectified = { ...a, value: relu(graph, a.value) };
  const b = convolve(graph, tensors, rectified, `${branch}.b`, `${branch}.b_bn${pooledNorm}`, [inner, inner, 1]);
  const pooled = form.halves ? halve(graph, b) : b;
  const activated = { ...pooled, value: relu(graph, pooled.value) };
  const c = convolve(graph, tensors, activated, `${branch}.c`, `${branch}.c_bn`, [output, inner, 1]);
  const shortcut = form.projects
    ? convolve(graph, tensors, maps, `${name}.branch1`, `${name}.branch1_bn${pooledNorm}`, [output, input, 1])
    : maps;
  const added = form.halves ? halve(graph, shortcut) : shortcut;
  return { side: c.side, value: relu(graph, add(graph, added.value, c.value)) };
}

/** A temporal convolution [out, in, kernel, 1, 1] with the batch norm behind it; time keeps its length. */
function convolve(
  graph: OnnxGraph,
  tensors: RoleTensors,
  maps: Maps,
  convolution: string,
  norm: string,
  [out, input, kernel]: readonly [number, number, number],
): Maps {
  const form = foldNorm(tensors, `${convolution}.weight`, norm, [out, input, kernel, 1, 1], [out, input, kernel, 1]);
  const weight = graph.weight(`${convolution}.weight`, form.weight);
  const bias = graph.weight(`${convolution}.bias`, form.bias);
  const pad = [Math.floor(kernel / 2), 0] as const;
  return { ...maps, value: conv2d(graph, maps.value, weight, bias, { pad }) };
}

function halve(graph: OnnxGraph, maps: Maps): Maps {
  return pool(graph, maps, { kernel: [2, 2], stride: [2, 2] });
}

/** Spatial max pooling of each time step by itself: for the pool, time steps are channels. */
function pool(graph: OnnxGraph, { value, side }: Maps, window: Parameters<typeof maxPool2d>[2]): Maps {
  const [batch, channels, time] = [dimOf(value, 0), lengthOf(value, 1), lengthOf(value, 2)];
  const pooled = maxPool2d(graph, reshape(graph, value, [batch, channels * time, side, side]), window);
  const newSide = lengthOf(pooled, 2);
  return { side: newSide, value: reshape(graph, pooled, [batch, channels, time, newSide * newSide]) };
}
