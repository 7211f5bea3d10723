import { weightOf } from '@styleflow/files';
import { openSession } from '@styleflow/inference';
import { add, cast, conv2d, encodeModel, OnnxGraph, relu } from '@styleflow/onnx';
import { describe, expect, it } from 'vitest';
import { peaksOf, probeHalves } from './half-values.js';

/** The graph of relu(1000·x + 1000·x) for x [1, 1, 1, 2]: computed in halves, with a float32 output. */
function doublingGraph(): OnnxGraph {
  const graph = new OnnxGraph('doubling');
  const x = graph.input('x', 'float32', [1, 1, 1, 2]);
  const y = graph.within('net', () =>
    graph.inFloats('float16', () => {
      const weight = graph.weight('layer.weight', weightOf([1, 1, 1, 1], [1000]));
      const scaled = conv2d(graph, cast(graph, x, 'float16'), weight, null);
      return relu(graph, add(graph, scaled, scaled));
    }),
  );
  graph.output('y', cast(graph, y, 'float32'));
  return graph;
}

async function peaks(x: readonly [number, number]) {
  const graph = doublingGraph();
  const probes = probeHalves(graph);
  const pieces: Uint8Array[] = [];
  for await (const piece of encodeModel(graph)) pieces.push(piece);
  const session = await openSession(Buffer.concat(pieces), { providers: ['cpu'] });
  try {
    const outputs = await session.run({ x: { type: 'float32', dims: [1, 1, 1, 2], data: Float32Array.from(x) } });
    return { probes, found: peaksOf(probes, outputs), y: [...(outputs.y?.data ?? [])].map(Number) };
  } finally {
    await session.release();
  }
}

describe('probeHalves', () => {
  it('looks at what may be larger than what it is made from, and names it by its weights or by the layer before', async () => {
    const { probes } = await peaks([1, 1]);
    expect(probes.map(({ network, layer }) => [network, layer])).toEqual([
      ['net', 'its input (Cast)'],
      ['net', 'layer'],
      ['net', 'Add behind layer'],
    ]);
  });

  it('finds the largest value of either sign, beyond what a half holds too', async () => {
    expect((await peaks([1, 2])).found).toEqual([{ network: 'net', layer: 'Add behind layer', value: 4000 }]);
    const { found, y } = await peaks([1, -50]);
    expect(found).toEqual([{ network: 'net', layer: 'Add behind layer', value: 100_000 }]);
    expect(y).toEqual([2000, 0]);
  });

  it('takes a value that is no number for an infinite one', async () => {
    expect((await peaks([Number.NaN, Number.NaN])).found[0]?.value).toBe(Number.POSITIVE_INFINITY);
  });
});
