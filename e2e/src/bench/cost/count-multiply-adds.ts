import { readOnnx } from '@styleflow/onnx';

type Graph = Awaited<ReturnType<typeof readOnnx>>['graph'];
type Node = Graph['node'][number];
type Shapes = ReadonlyMap<string, readonly number[]>;

/**
 * Multiply-adds of one run of a graph: those of its convolutions and products of matrices. Everything else (norms, GRUs,
 * resizing) is left out, so that it is less than the graph takes.
 * @param lengths what the open lengths (`B`) are in this run.
 * @returns null where a product's shape does not stand in the file or has another open length, as in models of other
 * people's making.
 * @throws JobError `invalid_request` when it is no ONNX model.
 */
export async function countMultiplyAdds(
  path: string,
  lengths: Readonly<Record<string, number>>,
): Promise<number | null> {
  const model = await readOnnx(path);
  try {
    const { graph, initializers } = model;
    const shapes = new Map(initializers.map(({ name, dims }) => [name, dims.map(Number)]));
    for (const { name, type } of [...graph.input, ...graph.valueInfo, ...graph.output]) {
      const dims = type?.value.case === 'tensorType' ? type.value.value.shape?.dim : undefined;
      const known = dims?.map(({ value }) =>
        value.case === 'dimValue' ? Number(value.value) : (lengths[value.value ?? ''] ?? Number.NaN),
      );
      if (known) shapes.set(name, known);
    }
    const sum = graph.node.reduce((all, node) => all + countOf(node, shapes), 0);
    return Number.isNaN(sum) ? null : sum;
  } finally {
    await model.close();
  }
}

/** Every element of the output is a sum of so many products. Not a number where a shape is not known. */
function countOf({ opType, input, output, attribute }: Node, shapes: Shapes): number {
  if (opType !== 'Conv' && opType !== 'MatMul' && opType !== 'Gemm') return 0;
  const [made, left, right] = [output[0], input[0], input[1]].map((name) => shapes.get(name ?? ''));
  const inner = {
    Conv: () => right && product(right.slice(1)),
    MatMul: () => left?.at(-1),
    Gemm: () => left?.[attribute.some(({ name, i }) => name === 'transA' && i === 1n) ? 0 : 1],
  }[opType]();
  return made === undefined || inner === undefined ? Number.NaN : product(made) * inner;
}

function product(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all * one, 1);
}
