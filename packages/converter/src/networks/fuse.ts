import type { RoleTensors } from '@styleflow/checkpoints';
import type { Precision } from '@styleflow/contracts';
import { checkpointError } from '@styleflow/files';
import {
  add,
  cast,
  constant,
  type FloatType,
  length2,
  lengthOf,
  multiply,
  OnnxGraph,
  reshape,
  slice,
  subtract,
  transpose,
  type Value,
} from '@styleflow/onnx';
import { resizeLikePillow } from '../pictures/pillow-resize.js';
import { type BodyParts, CLIP_FRAMES, CLIP_TOKENS, CONTENT_SIDE, contentNetwork } from './content.js';
import { NetworkScope } from './network-scope.js';
import { PSP_SIDE, pspEncoder, STYLE_LAYERS } from './psp.js';
import { styleAttention } from './style-attention.js';
import { FLOW_STEPS, styleGru } from './style-gru.js';
import { timeTransformer } from './time-transformer.js';

/** The checkpoints of one bundle: content alone, or all three for the style-content variant. */
export interface FamilyTensors {
  readonly content: RoleTensors;
  readonly style?: { readonly gru: RoleTensors; readonly psp: RoleTensors };
}

/**
 * The type that the networks compute in. The head always computes in float32. What `int8` rounds is rewritten once the
 * graph is whole.
 */
export const FLOATS: Readonly<Record<Precision, FloatType>> = { fp32: 'float32', fp16: 'float16', int8: 'float32' };

/** ImageNet's colour statistics for pictures in 0..1, in the order R, G, B. */
const IMAGENET_MEAN = [0.485, 0.456, 0.406];
const IMAGENET_DEVIATION = [0.229, 0.224, 0.225];

/**
 * The graph that workers run, from the bytes of the crops to the logit. Input: `clips` uint8 [B, 32, 256, 256, 3], RGB.
 * Outputs: `logit` float32 [B]; with style also `style_flow` float32 [B, 31, 18] (L2 length of each style layer's step)
 * and `attention` float32 [B, 16, 16]. `fp16` stores the weights of the three networks as halves, and their
 * convolutions compute in halves. Means, the norm, state and products of the GRU and the whole head stay float32
 * (decisions/0005-half-precision.md). `parts` is the form of the content network, which changes the order of its work alone.
 * @throws JobError `invalid_request` naming a tensor that is missing or does not fit.
 */
export function fusedGraph(
  { content, style }: FamilyTensors,
  precision: Precision = 'fp32',
  parts: BodyParts = 1,
): OnnxGraph {
  const floats = FLOATS[precision];
  const graph = new OnnxGraph(style ? 'styleflow' : 'styleflow-content');
  const net = new NetworkScope(graph, content);
  const clips = graph.input('clips', 'uint8', ['B', CLIP_FRAMES, PSP_SIDE, PSP_SIDE, 3]);
  const pictures = graph.within('pictures', () =>
    transpose(graph, reshape(graph, clips, ['N', PSP_SIDE, PSP_SIDE, 3]), [0, 3, 1, 2]),
  );
  const frames = graph.within('frames', () => contentFrames(graph, pictures));
  let tokens = graph.within('content', () => graph.inFloats(floats, () => contentNetwork(net, frames, parts)));
  if (style) {
    const images = graph.within('images', () => pspImages(graph, pictures));
    const codes = graph.within('psp', () =>
      graph.inFloats(floats, () => pspEncoder(new NetworkScope(graph, style.psp), images)),
    );
    const flow = graph.within('flow', () => styleFlow(graph, codes));
    const { embedding } = graph.within('style-gru', () =>
      graph.inFloats(floats, () => styleGru(new NetworkScope(graph, style.gru), flow.flow)),
    );
    assertWidths(embedding, tokens);
    const fused = graph.within('head', () => styleAttention(net, tokens, embedding));
    tokens = fused.tokens;
    graph.output('style_flow', flow.lengths);
    graph.output('attention', fused.attention);
  }
  graph.output(
    'logit',
    graph.within('head', () => timeTransformer(net, tokens)),
  );
  return graph;
}

/** Bytes [N, 3, 256, 256] → ImageNet-normalised [B, 3, 32, 224, 224]. */
function contentFrames(graph: OnnxGraph, pictures: Value): Value {
  const small = cast(graph, resizeLikePillow(graph, pictures, [CONTENT_SIDE, CONTENT_SIDE]), 'float32');
  // (x/255 − mean) / deviation, as one product and one sum.
  const scale = IMAGENET_DEVIATION.map((deviation) => 1 / (255 * deviation));
  const shift = IMAGENET_MEAN.map((mean, channel) => -mean / (IMAGENET_DEVIATION[channel] ?? 1));
  const scaled = multiply(graph, small, constant(graph, 'scale', scale, [3, 1, 1]));
  const normed = add(graph, scaled, constant(graph, 'shift', shift, [3, 1, 1]));
  return transpose(graph, reshape(graph, normed, ['B', CLIP_FRAMES, 3, CONTENT_SIDE, CONTENT_SIDE]), [0, 2, 1, 3, 4]);
}

/** Bytes [N, 3, 256, 256] → −1..1. */
function pspImages(graph: OnnxGraph, pictures: Value): Value {
  const scaled = multiply(graph, cast(graph, pictures, 'float32'), constant(graph, 'scale', [2 / 255]));
  return subtract(graph, scaled, constant(graph, 'one', [1]));
}

/** Codes [N, 18, S] → steps from frame to frame [B, 31, 18·S] and their lengths [B, 31, 18]. */
function styleFlow(graph: OnnxGraph, codes: Value): { readonly flow: Value; readonly lengths: Value } {
  const styleDim = lengthOf(codes, 2);
  const clips = reshape(graph, codes, ['B', CLIP_FRAMES, STYLE_LAYERS * styleDim]);
  const flow = subtract(graph, slice(graph, clips, 1, 1, CLIP_FRAMES), slice(graph, clips, 1, 0, FLOW_STEPS));
  const layers = reshape(graph, flow, ['B', FLOW_STEPS, STYLE_LAYERS, styleDim]);
  return { flow, lengths: length2(graph, layers, [3]) };
}

/** Refuses an embedding that cannot be cut into tokens as wide as the content's. */
export function assertWidths(embedding: Value, tokens: Value): void {
  const [style, content] = [lengthOf(embedding, 1), CLIP_TOKENS * lengthOf(tokens, 2)];
  if (style === content) return;
  throw checkpointError(
    `StyleGRU and content do not fit together: 4·H = ${style} (H = ${style / 4}) must equal 16·C = ${content} (C = ${content / 16})`,
  );
}
