import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { weightOf } from '@styleflow/files';
import { conv2d, matmul, OnnxGraph, relu, writeModels } from '@styleflow/onnx';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { countMultiplyAdds } from './count-multiply-adds.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'styleflow-count-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('counts convolutions and products for the lengths of the run, and nothing where one is not known', async () => {
  const graph = new OnnxGraph('counted');
  const weight = (name: string, shape: readonly number[]) =>
    graph.weight(name, weightOf(shape, new Float32Array(shape.reduce((all, one) => all * one, 1))));
  const pictures = graph.input('pictures', 'float32', ['B', 3, 8, 8]);
  const folded = conv2d(graph, pictures, weight('kernel', [5, 3, 3, 3]), null, { pad: [1, 1] });
  graph.output('numbers', matmul(graph, relu(graph, folded), weight('matrix', [8, 7])));
  await writeModels({ 'counted.onnx': graph }, folder);
  const convolution = 5 * 8 * 8 * (3 * 3 * 3);
  const multiplication = 5 * 8 * 7 * 8;
  const path = join(folder, 'counted.onnx');
  expect(await countMultiplyAdds(path, { B: 1 })).toBe(convolution + multiplication);
  expect(await countMultiplyAdds(path, { B: 32 })).toBe(32 * (convolution + multiplication));
  expect(await countMultiplyAdds(path, { N: 1 })).toBeNull();
});
