import { isDeepStrictEqual } from 'node:util';
import type { OnnxGraph } from '@styleflow/onnx';

/**
 * Lets another form of a graph read the graph's own weights: both are built from the same tensors by the same code, so
 * what has the same name, type and shape has the same values. So they are read and written once.
 * @returns `form`, whose initializers are changed
 */
export function shareWeights(graph: OnnxGraph, form: OnnxGraph): OnnxGraph {
  const known = new Map(graph.initializers.map((initializer) => [initializer.name, initializer]));
  for (const [index, { name, type, shape }] of form.initializers.entries()) {
    const same = known.get(name);
    if (same?.type === type && isDeepStrictEqual(same.shape, shape)) form.initializers[index] = same;
  }
  return form;
}
