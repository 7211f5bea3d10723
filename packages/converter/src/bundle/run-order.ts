import type { OnnxGraph } from '@styleflow/onnx';

/**
 * Indices of the nodes in the order in which ONNX Runtime runs them. The runtime searches depth-first, back from the
 * nodes that nobody reads; among the inputs of a node it visits the one that was written last first. So a shortcut runs
 * before the branch beside it, and the value that both read is freed that much earlier.
 */
export function runOrder({ nodes }: OnnxGraph): number[] {
  const producers = new Map<string, number>();
  for (const [index, { output }] of nodes.entries()) for (const name of output) producers.set(name, index);
  const inputs = nodes.map(({ input }) =>
    input.flatMap((name) => producers.get(name) ?? []).sort((left, right) => left - right),
  );
  const read = new Set(inputs.flat());
  const order: number[] = [];
  const visited = new Set<number>();
  const stack = nodes.flatMap((_, index) => (read.has(index) ? [] : [{ index, isEntered: false }]));
  for (let top = stack.pop(); top; top = stack.pop()) {
    const { index, isEntered } = top;
    if (isEntered) order.push(index);
    if (isEntered || visited.has(index)) continue;
    visited.add(index);
    stack.push({ index, isEntered: true }, ...(inputs[index] ?? []).map((each) => ({ index: each, isEntered: false })));
  }
  return order;
}
