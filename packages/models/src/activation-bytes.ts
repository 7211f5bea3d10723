import { CLIP_FRAMES } from './content.js';
import { ELEMENT_BYTES } from './encode-model.js';
import type { Dim, OnnxGraph, Value } from './onnx-graph.js';

/** Operators whose output is their input's memory under another shape. */
const VIEWS = new Set(['Reshape', 'Identity']);

/**
 * Estimates the memory that one clip of a tensor batch takes while the graph runs, in bytes: the largest sum of values
 * that are alive at once when nodes run in order. Work space of convolutions and fragmentation come on top.
 */
export function activationBytesPerClip(graph: OnnxGraph): number {
  const owner = new Map<string, string>();
  const size = new Map<string, number>();
  for (const value of graph.values) size.set(value.name, byteLength(value));
  const root = (name: string): string => owner.get(name) ?? name;
  const lastUse = new Map<string, number>();
  for (const [index, node] of graph.nodes.entries()) {
    const [input] = node.input;
    const [output] = node.output;
    if (VIEWS.has(node.opType) && input !== undefined && output !== undefined) owner.set(output, root(input));
    for (const name of [...node.input, ...node.output]) lastUse.set(root(name), index);
  }
  let alive = 0;
  let peak = 0;
  const living = new Set<string>();
  for (const [index, node] of graph.nodes.entries()) {
    for (const name of [...node.input, ...node.output].map(root)) {
      const bytes = size.get(name);
      if (bytes === undefined || living.has(name)) continue;
      living.add(name);
      alive += bytes;
    }
    peak = Math.max(peak, alive);
    for (const name of living) {
      if (lastUse.get(name) !== index) continue;
      living.delete(name);
      alive -= size.get(name) ?? 0;
    }
  }
  return peak;
}

/** Of one clip: `B` is 1, the pictures `N` of a clip are its frames. */
function byteLength({ type, shape }: Value): number {
  const length = (dim: Dim): number => (typeof dim === 'number' ? dim : dim === 'N' ? CLIP_FRAMES : 1);
  const elements = shape.reduce((product: number, dim) => product * length(dim), 1);
  return elements * ELEMENT_BYTES[type];
}
