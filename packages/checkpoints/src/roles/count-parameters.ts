import { elementCount } from '@styleflow/files';

/** Tensors that norms count while they train. They are stored beside the parameters but are none. */
const STATISTICS = /(^|\.)(running_mean|running_var|num_batches_tracked)$/;

/** Numbers that training changes, as PyTorch counts them. */
export function countParameters(shapes: Iterable<readonly [name: string, shape: readonly number[]]>): number {
  let count = 0;
  for (const [name, shape] of shapes) if (!STATISTICS.test(name)) count += elementCount(shape);
  return count;
}
