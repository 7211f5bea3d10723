import type { NodeProto, TensorProto } from 'onnx-buf';
import { graph, modelFile, node, tensor, value } from './onnx-file.js';

/** Seeded random weights in −0.02..0.02. */
export function weights(count: number, seed: number): Float32Array {
  let state = seed * 7919 + 17;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state / 2 ** 32 - 0.5) / 25;
  });
}

/** A classifier whose logits tests can compute: a weighted sum of all input values of one row, `outputs` times. */
export function weightedSum(
  rows: readonly (number | string)[],
  names: { readonly input: string; readonly output: string; readonly weight: string },
  matrix: { readonly values: Float32Array; readonly outputs: number },
): {
  nodes: NodeProto[];
  initializer: TensorProto[];
  input: ReturnType<typeof value>[];
  output: ReturnType<typeof value>[];
} {
  const { input, output, weight } = names;
  const { values, outputs } = matrix;
  return {
    nodes: [node('Flatten', [input], ['flat'], { axis: 1 }), node('MatMul', ['flat', weight], [output])],
    initializer: [tensor(weight, [values.length / outputs, outputs], values)],
    input: [value(input, 'float32', rows)],
    output: [value(output, 'float32', [rows[0] ?? 'N', outputs])],
  };
}

/** The same classifier as the bytes of a model. */
export function weightedSumFile(
  rows: readonly (number | string)[],
  matrix: { readonly values: Float32Array; readonly outputs: number },
  facts: Parameters<typeof modelFile>[1] = {},
): Uint8Array {
  const { nodes, ...rest } = weightedSum(rows, { input: 'x', output: 'y', weight: 'w' }, matrix);
  return modelFile(graph({ node: nodes, ...rest }), facts);
}
