import { weightOf } from '@styleflow/files';
import { openSession } from '@styleflow/inference';
import { describe, expect, it } from 'vitest';
import { encodeModel } from '../write/encode-model.js';
import { computeInInt8 } from './compute-in-int8.js';
import { findInt8Layers } from './int8-layers.js';
import { OnnxGraph, type Value } from './onnx-graph.js';
import { conv2d, maxPool2d } from './onnx-layers.js';
import { add, concat, mean, relu, slice } from './onnx-operators.js';

const CHANNELS = 4;
const isRounded = (weight: string): boolean => weight.startsWith('body/');

/** The same numbers between −1 and 1 on every machine. */
const wave = (count: number, seed: number): Float32Array =>
  Float32Array.from({ length: count }, (_, i) => (((i + seed) * 7919) % 2039) / 1024 - 1);

/** A float convolution, then a block of two convolutions with a pool, beside its shortcut, and a mean. */
function blockGraph(parts = 1): OnnxGraph {
  const graph = new OnnxGraph('block');
  const layer = (name: string, kernel: number): ((x: Value) => Value) => {
    const weight = graph.weight(`${name}.weight`, weightOf([CHANNELS, CHANNELS, kernel, 1], wave(16 * kernel, kernel)));
    const bias = graph.weight(`${name}.bias`, weightOf([CHANNELS], wave(CHANNELS, 5)));
    return (x) => conv2d(graph, x, weight, bias, { pad: [Math.floor(kernel / 2), 0] });
  };
  const [stem, a, b, c] = [layer('stem', 1), layer('body/a', 3), layer('body/b', 1), layer('body/c', 1)];
  const pool = (x: Value): Value => maxPool2d(graph, x, { kernel: [1, 4], stride: [1, 4] });
  const body = (x: Value): Value => relu(graph, add(graph, pool(b(relu(graph, a(x)))), pool(c(x))));
  const x = stem(graph.input('x', 'float32', ['B', CHANNELS, 6, 8]));
  const width = 8 / parts;
  const done = Array.from({ length: parts }, (_, part) =>
    body(parts === 1 ? x : slice(graph, x, 3, part * width, (part + 1) * width)),
  );
  const [whole] = done;
  graph.output('y', mean(graph, whole && parts === 1 ? whole : concat(graph, done, 3), [3]));
  return graph;
}

async function run(graph: OnnxGraph): Promise<readonly number[]> {
  const pieces: Uint8Array[] = [];
  for await (const piece of encodeModel(graph)) pieces.push(Uint8Array.from(piece));
  const session = await openSession(Buffer.concat(pieces), { providers: ['cpu'], threads: 1 });
  const { y } = await session.run({ x: { type: 'float32', dims: [2, CHANNELS, 6, 8], data: wave(384, 1) } });
  await session.release();
  return Array.from(y?.data ?? [], Number);
}

/** Rounds the body of the block, whose values lie within ±`most`. */
async function roundedBlock(most: number, parts = 1): Promise<OnnxGraph> {
  const graph = blockGraph(parts);
  const isRectified = (layer: string): boolean => layer === 'body/a.weight' || layer.includes(' + ');
  const rangeOf = (layer: string) => ({ least: isRectified(layer) ? 0 : -most, most });
  await computeInInt8(graph, { convolutions: isRounded, rangeOf, weightBits: 7 });
  return graph;
}

describe('a graph whose body computes in int8', () => {
  it('needs the ranges of what goes into the body, of its results behind their rectifiers, and of its sums', () => {
    const { layerOf, roots } = findInt8Layers(blockGraph(), isRounded);
    expect([...layerOf]).toEqual([
      ['Conv/out', 'into stem.weight'],
      ['Relu/out', 'body/a.weight'],
      ['Conv_3/out', 'body/b.weight'],
      ['Conv_4/out', 'body/c.weight'],
      ['Relu_2/out', 'body/b.weight + body/c.weight'],
    ]);
    expect([...roots]).toEqual(['Conv/out']);
  });

  it('has the same layers where the picture goes through in parts, and joins the parts as bytes', async () => {
    const parts = blockGraph(2);
    const layers = new Set(findInt8Layers(parts, isRounded).layerOf.values());
    expect(layers).toEqual(new Set(findInt8Layers(blockGraph(), isRounded).layerOf.values()));
    expect(await run(await roundedBlock(8, 2))).toEqual(await run(await roundedBlock(8)));
    const types = (await roundedBlock(8, 2)).nodes.map(({ opType }) => opType);
    expect(types.filter((type) => /QuantizeLinear|DequantizeLinear/.test(type))).toHaveLength(2);
    expect(types.filter((type) => type === 'QLinearAdd')).toHaveLength(2);
  });

  it('has convolutions and sums of bytes between one step to bytes and one back, and no rectifier', async () => {
    const graph = await roundedBlock(8);
    expect(graph.nodes.map(({ opType }) => opType)).toEqual([
      ...['Conv', 'QuantizeLinear', 'QLinearConv', 'QLinearConv', 'MaxPool', 'QLinearConv', 'MaxPool', 'QLinearAdd'],
      ...['DequantizeLinear', 'ReduceMean', 'Identity'],
    ]);
    const read = new Set(graph.nodes.flatMap(({ input }) => input));
    expect(graph.initializers.filter(({ name }) => !read.has(name))).toEqual([]);
    const bytes = graph.values.filter(({ type }) => type === 'uint8').map(({ name }) => name);
    expect(bytes).toContain('Relu_2/out');
    expect(bytes).toContain('MaxPool/out');
  });

  it('gives the numbers of float32 within some steps', async () => {
    const [exact, rounded] = [await run(blockGraph()), await run(await roundedBlock(8))];
    expect(rounded).toHaveLength(exact.length);
    const away = exact.map((value, i) => Math.abs(value - (rounded[i] ?? Number.NaN)));
    expect(Math.max(...away)).toBeLessThan(4 * (16 / 255));
    expect(Math.max(...exact)).toBeGreaterThan(1);
  });

  it('ends at the ends of its ranges', async () => {
    expect(Math.max(...(await run(await roundedBlock(0.5))))).toBeLessThanOrEqual(0.5 + 1e-6);
  });
});
