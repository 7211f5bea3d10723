import { conv2d, maxPool2d, type OnnxGraph, type Value } from '@styleflow/onnx';
import type { NetworkScope } from './network-scope.js';

/**
 * Feature maps [B, C, T, pixels]. No convolution of this network mixes space, so height and width are one axis, and
 * every convolution is two-dimensional, over time and that axis: quicker than in three dimensions. For the same reason
 * the pixels may stand in any order on that axis, and there may be any part of them. Squares that will be pooled into
 * one pixel are neighbours there, so that the pool is two-dimensional too and the runtime keeps its blocked layout. The
 * times are in decisions/0007-pixels-in-the-order-of-pools.md.
 */
export type Maps = Value;

/** A layer whose weights are in the graph. It may be applied to several maps, which then share the weights. */
export type Layer = (maps: Maps) => Maps;

/** Channels out, channels in, time steps of the kernel. */
type TemporalShape = readonly [number, number, number];

interface TemporalForm {
  readonly conv: string;
  readonly norm: string;
  readonly shape: TemporalShape;
}

/**
 * A temporal convolution [out, in, kernel, 1, 1] with the batch norm behind it. The number of time steps stays.
 */
export function temporalConvolution(net: NetworkScope, { conv, norm, shape }: TemporalForm): Layer {
  const [out, input, kernel] = shape;
  const { weight, bias } = net.folded({ conv, norm, shape: [out, input, kernel, 1, 1], as: [out, input, kernel, 1] });
  const pad = [Math.floor(kernel / 2), 0] as const;
  return (maps) => conv2d(net.graph, maps, weight, bias, { pad });
}

/** The largest of each square of 2 × 2: its four pixels are neighbours on the axis. */
export function halve(graph: OnnxGraph, maps: Maps): Maps {
  return maxPool2d(graph, maps, { kernel: [1, 4], stride: [1, 4] });
}
