import { add, OnnxGraph, relu, sigmoid } from '@styleflow/onnx';
import { expect, it } from 'vitest';
import { runOrder } from './run-order.js';

it('runs what a sum reads last-written first, and every node after what it reads', () => {
  const graph = new OnnxGraph('branches');
  const x = graph.input('x', 'float32', ['B', 4]);
  const branch = sigmoid(graph, relu(graph, x));
  const shortcut = relu(graph, x);
  graph.output('y', add(graph, branch, shortcut));
  const written = graph.nodes.map(({ opType }) => opType);
  expect(written).toEqual(['Relu', 'Sigmoid', 'Relu', 'Add', 'Identity']);
  expect(runOrder(graph)).toEqual([2, 0, 1, 3, 4]);
});

it('runs nodes that lead to no output of the graph as well', () => {
  const graph = new OnnxGraph('loose');
  const x = graph.input('x', 'float32', ['B', 4]);
  graph.output('y', relu(graph, x));
  sigmoid(graph, x);
  expect([...runOrder(graph)].sort()).toEqual([0, 1, 2]);
});
