import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromBinary } from '@bufbuild/protobuf';
import { weightOf } from '@styleflow/files';
import { openSession } from '@styleflow/inference';
import { ModelProtoSchema } from 'onnx-buf';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeModel } from '../write/encode-model.js';
import { writeModels } from '../write/write-model.js';
import { OnnxGraph } from './onnx-graph.js';
import { linear } from './onnx-layers.js';
import { reshape } from './onnx-operators.js';

async function modelBytes(graph: OnnxGraph): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of encodeModel(graph)) pieces.push(Uint8Array.from(piece));
  return Buffer.concat(pieces);
}

/** The graph of y = x·W, with a W large enough for external data. */
function productGraph(): OnnxGraph {
  const graph = new OnnxGraph('product');
  const x = graph.input('x', 'float32', ['B', 2]);
  const weight = weightOf(
    [2, 16384],
    Float32Array.from({ length: 2 * 16384 }, (_, i) => i % 100),
  );
  graph.output('y', linear(graph, x, graph.weight('w', weight), null));
  return graph;
}

describe('OnnxGraph', () => {
  it('gives the same bytes for the same calls, and valid protobuf', async () => {
    const bytes = await modelBytes(productGraph());
    expect(Buffer.compare(bytes, await modelBytes(productGraph()))).toBe(0);
    const model = fromBinary(ModelProtoSchema, bytes);
    expect(model.graph?.initializer.map(({ name, rawData }) => [name, rawData.length])).toEqual([['w', 131072]]);
    expect(model.graph?.output[0]?.name).toBe('y');
  });

  it('refuses wirings whose shapes do not fit, and names used twice', () => {
    const graph = new OnnxGraph('wrong');
    const x = graph.input('x', 'float32', ['B', 2]);
    expect(() => linear(graph, x, graph.weight('w', weightOf([3, 1], [1, 2, 3])), null)).toThrow('cannot multiply');
    expect(() => reshape(graph, x, ['B', 3])).toThrow('cannot reshape [B, 2] to [B, 3]');
    expect(() => graph.input('x', 'float32', [1])).toThrow('already has');
  });
});

describe('writeModels', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'model-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('puts weights that do not fit into the model file beside it, and the graph still runs', async () => {
    const files = await writeModels({ 'product.onnx': productGraph() }, folder, 1000);
    expect(Object.keys(files)).toEqual(['product.onnx', 'styleflow.data']);
    expect((await readFile(join(folder, 'product.onnx'))).length).toBeLessThan(1000);
    expect((await readdir(folder)).sort()).toEqual(['product.onnx', 'styleflow.data']);
    const session = await openSession(join(folder, 'product.onnx'), { providers: ['cpu'] });
    const { y } = await session.run({ x: { type: 'float32', dims: [1, 2], data: Float32Array.of(1, 2) } });
    await session.release();
    expect(Array.from(y?.data.slice(0, 3) ?? [], Number)).toEqual([168, 171, 174]);
  });

  it('stores weights of equal bytes once, whatever graphs and names they have', async () => {
    const graphs = { 'one.onnx': productGraph(), 'two.onnx': productGraph() };
    const files = await writeModels(graphs, folder, 1000);
    const data = await readFile(join(folder, 'styleflow.data'));
    const alone = join(folder, 'alone');
    await mkdir(alone);
    await writeModels({ 'one.onnx': productGraph() }, alone, 1000);
    expect(data).toEqual(await readFile(join(alone, 'styleflow.data')));
    expect(files['styleflow.data']).toBe(createHash('sha256').update(data).digest('hex'));
    for (const name of Object.keys(graphs)) {
      const session = await openSession(join(folder, name), { providers: ['cpu'] });
      const { y } = await session.run({ x: { type: 'float32', dims: [1, 2], data: Float32Array.of(1, 2) } });
      await session.release();
      expect(Array.from(y?.data.slice(0, 3) ?? [], Number)).toEqual([168, 171, 174]);
    }
  });
});
