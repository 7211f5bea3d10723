import { ELEMENT_CODES, type ElementType, type OnnxGraph } from './onnx-graph.js';

/**
 * Turns a graph that computes in halves into the same graph in float32, node by node, with unrounded weights. The names
 * stay, so that each value can be found in both.
 */
export function computeInFloat32(graph: OnnxGraph): void {
  widen(graph.values);
  widen(graph.initializers);
  for (const { opType, attribute } of graph.nodes) {
    if (opType !== 'Cast') continue;
    for (const to of attribute) if (Number(to.i) === ELEMENT_CODES.float16) to.i = BigInt(ELEMENT_CODES.float32);
  }
}

function widen<T extends { readonly type: ElementType }>(values: T[]): void {
  for (const [at, value] of values.entries()) {
    if (value.type === 'float16') values[at] = { ...value, type: 'float32' };
  }
}
