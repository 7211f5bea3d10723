import type { RoleTensors } from '@styleflow/checkpoints';
import {
  cast,
  concat,
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
import { contentBody, widestChannels } from './content-body.js';
import { halve, temporalConvolution } from './content-layers.js';
import type { NetworkScope } from './network-scope.js';

/** Frames of a clip. */
export const CLIP_FRAMES = 32;
/** Side of the pictures that the content network sees. */
export const CONTENT_SIDE = 224;
/** Tokens of a clip: the time steps that are left after the pool behind stage 2. */
export const CLIP_TOKENS = 16;

/**
 * At full size the stem's output would be the largest value by far, 411 MB a clip
 * (decisions/0007-pixels-in-the-order-of-pools.md). So the stem runs on this many parts of the picture, and each part
 * is pooled at once. That also takes less time.
 */
const STEM_PARTS = 16;

/**
 * Where the body goes through in parts, the stem does so in bands of as many rows as become one row of squares of 4 × 4 pixels
 * behind it. What the stem gives is then never there as a whole.
 */
const STEM_BANDS = 14;
/**
 * The convolution before the pools goes through a band in so many pieces, of two rows each. Its output is the widest value of all;
 * and the next band, which needs the last row of this one, keeps no more than a piece of it.
 */
const BAND_PIECES = 4;

/** Pixels behind the stem: 56 × 56. */
const BODY_PIXELS = 3136;
/**
 * Into how many parts the picture may be cut behind the stem: a part holds whole squares of 4 × 4 pixels, which two pools
 * make one pixel of.
 */
const BODY_PARTS = [1, 2, 4, 7, 14, 28, 49, 98, 196] as const;
export type BodyParts = (typeof BODY_PARTS)[number];
/**
 * On a CPU the widest value of a part is to have at most this many bytes, so that most of what a layer writes is still in
 * the caches when the next one reads it (decisions/0009-a-form-of-the-graph-for-the-cpu.md).
 */
const CPU_PART_BYTES = 8e6;

/** Into how many parts a CPU takes the body of this network; 1 for one so narrow that whole pictures are small enough. */
export function cpuBodyParts(content: RoleTensors): BodyParts {
  const bytes = widestChannels(content) * CLIP_FRAMES * BODY_PIXELS * Float32Array.BYTES_PER_ELEMENT;
  return BODY_PARTS.find((parts) => bytes / parts <= CPU_PART_BYTES) ?? 196;
}

/**
 * The content network (StyleFlow's content branch, which is FTCN's): an I3D ResNet-50 whose convolutions are temporal
 * only. Only max pooling and the final mean mix space. Batch norms are folded.
 *
 * `frames` float32 [B, 3, 32, 224, 224], ImageNet-normalised RGB → tokens float32 [B, 16, C]. Behind the stem each of
 * `parts` parts of the picture runs through all layers before the next begins. That changes the order of the work and
 * nothing that is computed.
 */
export function contentNetwork(net: NetworkScope, frames: Value, parts: BodyParts = 1): Value {
  const { graph } = net;
  const typed = cast(graph, frames, graph.floats);
  const pieces = bodyPieces(net, inSquares(graph, typed), parts);
  const body = contentBody(net, lengthOf(pieces[0] as Value, 1));
  const [whole] = pieces;
  // A part ends with a mean of its own: the runtime goes back from the end and so takes one part after the other.
  const features =
    whole && parts === 1
      ? body(whole)
      : concat(
          graph,
          pieces.map((piece) => mean(graph, body(piece), [3], true)),
          3,
        );
  return transpose(graph, mean(graph, features, [3]), [0, 2, 1]);
}

/** What the stem gives, in as many parts as the body takes it in. */
function bodyPieces(net: NetworkScope, pictures: Value, parts: BodyParts): readonly Value[] {
  const { graph } = net;
  const stem = net.at('s1.pathway0_stem');
  if (parts === 1) return [wholeStem(stem, pictures)];
  const bands = bandedStem(stem, pictures);
  if (parts === STEM_BANDS) return bands;
  const maps = concat(graph, bands, 3);
  const pixels = lengthOf(maps, 3) / parts;
  return Array.from({ length: parts }, (_, part) => slice(graph, maps, 3, part * pixels, (part + 1) * pixels));
}

/** Convolution, norm, pool over squares of 2 × 2, ReLU, pool of 3 × 3 by steps of 2: 64 channels of 56 × 56. */
function wholeStem(net: NetworkScope, pictures: Value): Value {
  const { graph } = net;
  const maps = concat(graph, halvedParts(net, pictures, STEM_PARTS), 3);
  const side = CONTENT_SIDE / 2;
  return inNestedSquares(graph, poolRows(graph, { height: side, width: side, value: maps }));
}

/**
 * The same in bands. The pool of 3 × 3 by steps of 2 also sees the row above a band: the last one of the band before. Above the
 * first there is none, and the padding below it is beyond the last step.
 */
function bandedStem(net: NetworkScope, pictures: Value): Value[] {
  const { graph } = net;
  const width = CONTENT_SIDE / 2;
  const height = width / STEM_BANDS;
  const halved = halvedParts(net, pictures, STEM_BANDS * BAND_PIECES);
  return Array.from({ length: STEM_BANDS }, (_, index) => {
    const band = halved.slice(index * BAND_PIECES, (index + 1) * BAND_PIECES);
    const before = halved[index * BAND_PIECES - 1];
    if (!before) return inNestedSquares(graph, poolRows(graph, { height, width, value: concat(graph, band, 3) }));
    const pixels = lengthOf(before, 3);
    const value = concat(graph, [slice(graph, before, 3, pixels - width, pixels), ...band], 3);
    return inNestedSquares(graph, poolRows(graph, { height: height + 1, width, value, padsRows: false }));
  });
}

/** Parts of the picture, from the top, up to the ReLU: rows of 112. */
function halvedParts(net: NetworkScope, pictures: Value, parts: number): Value[] {
  const { graph } = net;
  const [width = 0] = net.shape('conv.weight', ['*', 3, 5, 1, 1]);
  const apply = temporalConvolution(net, { conv: 'conv', norm: 'bn.0', shape: [width, 3, 5] });
  const pixels = lengthOf(pictures, 3) / parts;
  return Array.from({ length: parts }, (_, part) => {
    const value = slice(graph, pictures, 3, part * pixels, (part + 1) * pixels);
    return relu(graph, halve(graph, apply(value)));
  });
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

/** Maps whose pixels stand in rows from the top, with the sides of that rectangle. */
interface Rows {
  readonly value: Value;
  readonly height: number;
  readonly width: number;
}

/** Reorders pixels from rows to squares of 2 × 2 within squares of 4 × 4, because two halvings follow. */
function inNestedSquares(graph: OnnxGraph, { value, height, width }: Rows): Value {
  const [batch, channels, time] = [dimOf(value, 0), lengthOf(value, 1), lengthOf(value, 2)];
  // The rows of 4 × 4 squares share an axis with channels and time. That makes seven axes, and every provider
  // transposes as many.
  const split = reshape(graph, value, [batch, (channels * time * height) / 4, 2, 2, width / 4, 2, 2]);
  const nested = transpose(graph, split, [0, 1, 4, 2, 5, 3, 6]);
  return reshape(graph, nested, [batch, channels, time, height * width]);
}

/**
 * Spatial max pooling of each time step by itself, for pixels in rows from the top. The pool sees the time steps as
 * channels.
 */
function poolRows(graph: OnnxGraph, { value, height, width, padsRows = true }: Rows & { padsRows?: boolean }): Rows {
  const [batch, channels, time] = [dimOf(value, 0), lengthOf(value, 1), lengthOf(value, 2)];
  const rows = reshape(graph, value, [batch, channels * time, height, width]);
  const pooled = maxPool2d(graph, rows, { kernel: [3, 3], stride: [2, 2], pad: [padsRows ? 1 : 0, 1] });
  const [newHeight, newWidth] = [lengthOf(pooled, 2), lengthOf(pooled, 3)];
  return {
    height: newHeight,
    width: newWidth,
    value: reshape(graph, pooled, [batch, channels, time, newHeight * newWidth]),
  };
}
