import {
  contentShapes,
  EIGHTH_WIDTHS,
  pspShapes,
  RoleTensors,
  randomTensors,
  styleGruShapes,
} from '@styleflow/checkpoints';
import type { Precision } from '@styleflow/contracts';
import { fromBinary, ModelProtoSchema, type OnnxGraph } from '@styleflow/onnx';
import { describe, expect, it } from 'vitest';
import { randomFamily, UNTRAINED_WIDTHS } from '../bundle/untrained-bundle.js';
import { modelBytes } from '../test-model.js';
import { fusedGraph } from './fuse.js';
import { contentPart, headPart, pspPart, styleGruPart } from './fuse-parts.js';

const tensors = (shapes: ReadonlyMap<string, readonly number[]>) => new RoleTensors(randomTensors(shapes, 3), 'random');
const content = tensors(contentShapes(EIGHTH_WIDTHS, true));
const gru = tensors(styleGruShapes(EIGHTH_WIDTHS));
const psp = tensors(pspShapes(EIGHTH_WIDTHS));

const GRAPHS: Readonly<Record<string, (precision: Precision) => OnnxGraph>> = {
  'fused, with style': (precision) => fusedGraph({ content, style: { gru, psp } }, precision),
  'fused, content alone': (precision) => fusedGraph({ content }, precision),
  'fused, in parts of the picture': (precision) => fusedGraph({ content }, precision, 2),
  content: (precision) => contentPart(content, precision),
  psp: (precision) => pspPart(psp, precision),
  'style-gru': (precision) => styleGruPart(gru, precision),
  head: () => headPart(content, true),
};

const CASES = Object.keys(GRAPHS).flatMap((name) => [[name, 'fp32'] as const, [name, 'fp16'] as const]);

describe.each(CASES)('the graph %s in %s', (name, precision) => {
  const read = async () => {
    const built = GRAPHS[name]?.(precision);
    if (!built) throw new RangeError(name);
    const { graph, opsetImport } = fromBinary(ModelProtoSchema, await modelBytes(built));
    if (!graph) throw new RangeError('no graph');
    return { graph, opsetImport };
  };

  it('uses no name before it is made, makes none twice, and tells type and shape of all', async () => {
    const { graph, opsetImport } = await read();
    expect(opsetImport).toHaveLength(1);
    const known = new Set(['', ...graph.input.map((each) => each.name), ...graph.initializer.map((each) => each.name)]);
    expect(known.size).toBe(1 + graph.input.length + graph.initializer.length);
    const described = new Set([...graph.valueInfo, ...graph.output].map((each) => each.name));
    for (const node of graph.node) {
      expect(node.input.filter((input) => !known.has(input))).toEqual([]);
      for (const output of node.output.filter((each) => each !== '')) {
        expect(known.has(output)).toBe(false);
        expect(described.has(output)).toBe(true);
        known.add(output);
      }
    }
    expect(graph.output.filter((output) => !known.has(output.name))).toEqual([]);
  });

  it('has no initializer that nothing reads, and as many bytes in each as its shape says', async () => {
    const { graph } = await read();
    const readNames = new Set(graph.node.flatMap((node) => node.input));
    expect(graph.initializer.filter((each) => !readNames.has(each.name)).map((each) => each.name)).toEqual([]);
    const width: Record<number, number> = { 1: 4, 7: 8, 10: 2 };
    for (const { dims, dataType, rawData } of graph.initializer) {
      expect(rawData.length).toBe(
        dims.reduce((product, dim) => product * Number(dim), 1) * (width[dataType] ?? Number.NaN),
      );
    }
  });

  it('keeps what the CUDA provider takes: even pads, the GRU in its default form', async () => {
    const { graph } = await read();
    for (const { opType, attribute } of graph.node) {
      if (opType === 'Conv' || opType === 'MaxPool') {
        const pads = attribute.find((each) => each.name === 'pads')?.ints.map(Number) ?? [];
        expect(pads.slice(0, 2)).toEqual(pads.slice(2));
      }
      if (opType !== 'GRU') continue;
      expect(attribute.find((each) => each.name === 'linear_before_reset')?.i).toBe(1n);
      expect(attribute.map((each) => each.name)).not.toContain('activations');
    }
  });
});

describe('the graph of the untrained bundle', () => {
  it('has no convolution with one-sided pads, and GRUs in the form that the CUDA provider takes', async () => {
    const model = fromBinary(ModelProtoSchema, await modelBytes(fusedGraph(randomFamily(UNTRAINED_WIDTHS, 1))));
    const nodes = model.graph?.node ?? [];
    const windows = nodes.filter(({ opType }) => opType === 'Conv' || opType === 'MaxPool');
    expect(windows.length).toBeGreaterThan(100);
    for (const { attribute } of windows) {
      const pads = attribute.find(({ name }) => name === 'pads')?.ints ?? [];
      expect(pads.slice(0, 2)).toEqual(pads.slice(2));
    }
    const grus = nodes.filter(({ opType }) => opType === 'GRU');
    expect(grus).toHaveLength(2);
    for (const { attribute } of grus) {
      expect(attribute.find(({ name }) => name === 'linear_before_reset')?.i).toBe(1n);
      expect(attribute.some(({ name }) => name === 'activations' || name === 'clip')).toBe(false);
    }
  });
});
