import { checkpointError } from '@styleflow/files';
import type { Tensor } from '@styleflow/inference';
import { computeInFloat32, type NodeProto, type OnnxGraph } from '@styleflow/onnx';
import { addExtremes, type Extremes } from '../int8/extremes.js';

/** The largest number that half precision has. */
export const LARGEST_HALF = 65_504;

/** The largest value that a network computes in half precision. */
export interface HalfPeak {
  /** `content` or `psp`. */
  readonly network: string;
  /** The absolute value of that number. */
  readonly value: number;
  /** The layer that computes it, by the name of its weights. */
  readonly layer: string;
}

/** One value of the graph. The graph's outputs of these names give its largest and its smallest number. */
export interface HalfProbe extends Omit<HalfPeak, 'value'> {
  readonly outputs: Extremes;
}

/** Operators whose outputs are never further from 0 than their inputs, so that only the inputs need a probe. */
const NEVER_LARGER = new Set([
  'Concat',
  'Identity',
  'LeakyRelu',
  'MaxPool',
  'Relu',
  'Reshape',
  'Resize',
  'Slice',
  'Transpose',
]);

/**
 * Turns a graph in half precision into the same one in float32. The largest and the smallest number of each value that
 * was a half become further outputs: float32 holds them also where a half would overflow.
 */
export function probeHalves(graph: OnnxGraph): HalfProbe[] {
  const halves = new Map(graph.values.flatMap((value) => (value.type === 'float16' ? [[value.name, value]] : [])));
  const layerOf = namedLayers(graph);
  const found = graph.nodes.flatMap((node) => {
    const value = NEVER_LARGER.has(node.opType) ? undefined : halves.get(node.output[0] ?? '');
    return value ? [{ node, value }] : [];
  });
  computeInFloat32(graph);
  const probes = addExtremes(
    graph,
    found.map(({ value }) => value),
  );
  return found.flatMap(({ node, value }, at): HalfProbe[] => {
    const outputs = probes[at];
    return outputs ? [{ network: value.name.split('/')[0] ?? '', layer: layerOf(node), outputs }] : [];
  });
}

/** Names the layers of a graph: a node with weights by these, one without by the nearest layer before it. */
function namedLayers({ nodes, initializers }: OnnxGraph): (node: NodeProto) => string {
  const weights = new Set(initializers.filter(({ type }) => type !== 'int64').map(({ name }) => name));
  const producers = new Map(nodes.flatMap((node, at) => node.output.map((name) => [name, at] as const)));
  const ownName = ({ input }: NodeProto): string | undefined => {
    const weight = input.find((name) => weights.has(name));
    return weight?.slice(weight.indexOf('/') + 1).replace(/\.[^.]*$/, '');
  };
  const before = ({ input }: NodeProto): NodeProto | undefined =>
    nodes[Math.max(...input.map((name) => producers.get(name) ?? -1))];
  return (node) => {
    const own = ownName(node);
    if (own !== undefined) return own;
    for (let each = before(node); each; each = before(each)) {
      const name = ownName(each);
      if (name !== undefined) return `${node.opType} behind ${name}`;
    }
    return `its input (${node.opType})`;
  };
}

/** The largest value of each network in the outputs of one run. NaN counts as infinite. */
export function peaksOf(probes: readonly HalfProbe[], outputs: Readonly<Record<string, Tensor>>): HalfPeak[] {
  return largestByNetwork(
    probes.map(({ network, layer, outputs: names }) => {
      const ends = names.map((name) => Math.abs(Number(outputs[name]?.data[0])));
      const value = ends.some(Number.isNaN) ? Number.POSITIVE_INFINITY : Math.max(...ends);
      return { network, layer, value };
    }),
  );
}

export function largestByNetwork(peaks: readonly HalfPeak[]): HalfPeak[] {
  const largest = new Map<string, HalfPeak>();
  for (const peak of peaks) {
    const known = largest.get(peak.network);
    if (!known || peak.value > known.value) largest.set(peak.network, peak);
  }
  return [...largest.values()];
}

/**
 * Refuses an infinite peak.
 * @throws JobError `invalid_request` that names the layer whose values half precision cannot hold.
 */
export function refuseOverflow(peaks: readonly HalfPeak[]): void {
  const beyond = peaks.find(({ value }) => value > LARGEST_HALF);
  if (!beyond) return;
  const { network, layer, value } = beyond;
  throw checkpointError(
    `${network}: ${layer} gives ${value} on a built-in clip, and half precision ends at ${LARGEST_HALF}: a card would make it ` +
      'infinite. Import it without --precision fp16',
  );
}
