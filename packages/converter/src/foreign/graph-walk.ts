import type { AttributeProto, GraphProto, NodeProto, TensorProto, ValueInfoProto } from '@styleflow/onnx';

/** Prefix of all names of a foreign model inside a bundle's graph, so that none equals a name of ours. */
export const MODEL_PREFIX = 'model/';

/**
 * Prefixes every name of a graph, and of the graphs inside its nodes (the bodies of If, Loop and Scan), which see the
 * names around them. Two things are dropped: the types of values in between, because the runtime infers them anew for
 * the batch it is given, and notes on quantisation, because it does not read them.
 */
export function prefixNames(graph: GraphProto): void {
  for (const value of [...graph.input, ...graph.output]) prefixValue(value);
  for (const tensor of graph.initializer) tensor.name = prefixed(tensor.name);
  for (const { values } of graph.sparseInitializer) if (values) values.name = prefixed(values.name);
  graph.valueInfo = [];
  graph.quantizationAnnotation = [];
  for (const node of graph.node) {
    node.name = prefixed(node.name);
    node.input = node.input.map(prefixed);
    node.output = node.output.map(prefixed);
    for (const inner of innerGraphs(node)) prefixNames(inner);
  }
}

/** Prefixes a name. An empty name stays, because it means an optional input or output that is left out. */
export function prefixed(name: string): string {
  return name === '' ? '' : `${MODEL_PREFIX}${name}`;
}

/** Prefixes the names of a value. Named lengths are among them, since another model's `B` is not our batch. */
function prefixValue(value: ValueInfoProto): void {
  value.name = prefixed(value.name);
  if (value.type?.value.case !== 'tensorType') return;
  for (const dim of value.type.value.value.shape?.dim ?? []) {
    if (dim.value.case === 'dimParam') dim.value.value = prefixed(dim.value.value);
  }
}

/** All nodes, those of inner graphs included. */
export function* allNodes(nodes: readonly NodeProto[]): Generator<NodeProto> {
  for (const node of nodes) {
    yield node;
    for (const inner of innerGraphs(node)) yield* allNodes(inner.node);
  }
}

/** All tensors in the nodes: constants in attributes, and the initializers of inner graphs. */
export function* tensorsWithin(nodes: readonly NodeProto[]): Generator<TensorProto> {
  for (const node of allNodes(nodes)) {
    for (const attribute of node.attribute) yield* tensorsOf(attribute);
    for (const inner of innerGraphs(node)) {
      yield* inner.initializer;
      for (const sparse of inner.sparseInitializer)
        yield* [sparse.values, sparse.indices].filter((part) => part !== undefined);
    }
  }
}

function* tensorsOf({ t, tensors, sparseTensor, sparseTensors }: AttributeProto): Generator<TensorProto> {
  if (t) yield t;
  yield* tensors;
  for (const sparse of [sparseTensor, ...sparseTensors]) {
    if (sparse?.values) yield sparse.values;
    if (sparse?.indices) yield sparse.indices;
  }
}

function innerGraphs({ attribute }: NodeProto): GraphProto[] {
  return attribute.flatMap(({ g, graphs }) => (g ? [g, ...graphs] : graphs));
}
