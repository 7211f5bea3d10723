import { checkpointError } from '@styleflow/files';
import type { OnnxGraph, Range } from '@styleflow/onnx';
import { addExtremes } from './extremes.js';
import { runClips } from './run-clips.js';
import type { TrialClip } from './share-out-clips.js';

export interface MeasuredRanges {
  /** Float32. It is changed here. */
  readonly graph: OnnxGraph;
  /** Names of the values to measure, and the layer of each. */
  readonly layerOf: ReadonlyMap<string, string>;
  readonly clips: readonly TrialClip[];
  /** Where the graph is written for the runs. */
  readonly folder: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs a graph on clips and tells between which numbers the values of each layer lay, over all of them.
 * @throws JobError `invalid_request` when a clip makes a value infinite; else as a run throws.
 */
export async function measureRanges(measured: MeasuredRanges): Promise<(layer: string) => Range> {
  const { graph, layerOf, clips } = measured;
  const values = graph.values.filter(({ name }) => layerOf.has(name));
  const probes = addExtremes(graph, values);
  const ranges = new Map<string, Range>();
  await runClips(measured, (outputs, at) => {
    for (const [index, { name }] of values.entries()) {
      const [most, least] = (probes[index] ?? []).map((output) => Number(outputs[output]?.data[0]));
      if (most === undefined || least === undefined || !Number.isFinite(most) || !Number.isFinite(least)) {
        throw checkpointError(`${clips[at]?.name}: the content network gives no finite number at ${name}`);
      }
      const layer = layerOf.get(name) ?? '';
      const known = ranges.get(layer);
      ranges.set(layer, { least: Math.min(known?.least ?? least, least), most: Math.max(known?.most ?? most, most) });
    }
  });
  return (layer) => {
    const range = ranges.get(layer);
    if (!range) throw new RangeError(`${layer} was not measured`);
    return range;
  };
}
