import { type OnnxGraph, only, type Value } from '@styleflow/onnx';

/** Names of two outputs of a graph: the largest and the smallest number of one of its values. */
export type Extremes = readonly [largest: string, smallest: string];

/**
 * Makes the largest and the smallest number of each value further outputs of the graph. Values in the order in which they
 * are computed; each is measured as soon as it is there, and its memory is freed.
 */
export function addExtremes(graph: OnnxGraph, values: readonly Value[]): Extremes[] {
  // The runtime runs nodes that nobody reads from the last to the first.
  const probes = [...values].reverse().map((value, at): Extremes => {
    const names = [`probe/${at}/largest`, `probe/${at}/smallest`] as const;
    graph.output(names[0], extreme(graph, 'ReduceMax', value));
    graph.output(names[1], extreme(graph, 'ReduceMin', value));
    return names;
  });
  return probes.reverse();
}

function extreme(graph: OnnxGraph, operator: 'ReduceMax' | 'ReduceMin', value: Value): Value {
  return only(graph.node(operator, [value], { keepdims: { int: 0 } }, [{ type: 'float32', shape: [] }]));
}
