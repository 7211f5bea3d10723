import type { NodeProto } from 'onnx-buf';
import type { OnnxGraph } from './onnx-graph.js';

/** What becomes bytes in a graph whose convolutions compute in whole numbers. */
export interface Int8Layers {
  /**
   * The values that get steps of their own, by name, and the layer to which each belongs. Values of one layer share a range:
   * it may be applied to several parts of a picture, and has the same name in every form of a network.
   */
  readonly layerOf: ReadonlyMap<string, string>;
  /** Those of them that are computed as floats. */
  readonly roots: ReadonlySet<string>;
  /** What a rectifier makes of a value that it alone reads; else the value itself. */
  readonly resultOf: (value: string) => string;
}

/**
 * Finds them. They are what goes into such a convolution (before it was cut, joined, reordered or pooled, which bytes can be
 * as well), what comes out of it, and sums of two. Where a rectifier follows, it is what the rectifier gives.
 */
export function findInt8Layers(graph: OnnxGraph, convolutions: (weight: string) => boolean): Int8Layers {
  const { nodes } = graph;
  const producers = new Map(nodes.flatMap((node) => node.output.map((name) => [name, node] as const)));
  const weights = new Set(graph.initializers.map(({ name }) => name));
  const resultOf = rectified(graph);
  const layerOf = new Map<string, string>();
  const roots = new Set<string>();
  /** The layer of each value that is bytes or will be, also where it has the steps of another. */
  const known = new Map<string, string>();
  const enter = (value: string): void => {
    if (known.has(value)) return;
    const node = producers.get(value);
    if (node && movedInputs(node).length > 0) {
      for (const input of movedInputs(node)) enter(input);
      return;
    }
    roots.add(value);
    const layer = `into ${weightBefore(value, producers, weights) ?? value}`;
    layerOf.set(value, layer);
    known.set(value, layer);
  };
  for (const node of nodes) {
    const [first = '', second = ''] = node.input;
    const [result = ''] = node.output;
    if (node.opType === 'Conv' && convolutions(second)) {
      enter(first);
      known.set(resultOf(result), second);
      layerOf.set(resultOf(result), second);
      continue;
    }
    const layers = (node.opType === 'Add' ? [first, second] : movedInputs(node)).map((name) => known.get(name));
    if (layers.length === 0 || layers.includes(undefined)) continue;
    const layer = node.opType === 'Add' ? layers.join(' + ') : (layers[0] ?? '');
    known.set(node.opType === 'Add' ? resultOf(result) : result, layer);
    if (node.opType === 'Add') layerOf.set(resultOf(result), layer);
  }
  return { layerOf, roots, resultOf };
}

/** Operators that only move numbers or choose among them, so that steps stay. */
const MOVES = new Set(['MaxPool', 'Reshape', 'Slice', 'Transpose']);

/** The inputs whose numbers a node moves; empty for a node that computes. */
export function movedInputs({ opType, input }: NodeProto): readonly string[] {
  if (opType === 'Concat') return input;
  return MOVES.has(opType) ? input.slice(0, 1) : [];
}

/** The weight of the last layer before a value that is no such layer itself. */
function weightBefore(
  value: string,
  producers: ReadonlyMap<string, NodeProto>,
  weights: ReadonlySet<string>,
): string | undefined {
  for (let node = producers.get(value); node; node = producers.get(node.input[0] ?? '')) {
    const weight = node.input.slice(1).find((name) => weights.has(name));
    if (weight !== undefined && node.opType === 'Conv') return weight;
  }
  return undefined;
}

function rectified({ nodes, outputs }: OnnxGraph): (value: string) => string {
  const readers = new Map<string, NodeProto[]>();
  for (const node of nodes) for (const name of node.input) readers.set(name, [...(readers.get(name) ?? []), node]);
  const isOutput = new Set(outputs.map(({ name }) => name));
  return (value) => {
    const [only, ...more] = readers.get(value) ?? [];
    return only?.opType === 'Relu' && more.length === 0 && !isOutput.has(value) ? (only.output[0] ?? value) : value;
  };
}
