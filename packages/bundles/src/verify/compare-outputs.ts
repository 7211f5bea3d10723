import { JobError, type ModelBundle } from '@styleflow/contracts';

/** The values of each output, by its name. */
export type Outputs = Readonly<Record<string, readonly number[]>>;

export interface OutputDifference {
  /** The largest difference of a value. */
  readonly difference: number;
  readonly allowed: number;
}

/** A value may differ by `absolute` plus the share `relative` of the largest expected value. */
interface Tolerance {
  readonly absolute: number;
  readonly relative: number;
}

/**
 * How much outputs of the same weights may differ. On the same provider it is the contract's tolerance between batch
 * sizes, since machines differ as much as batch sizes do. Between providers it is ten times as much, because other
 * kernels add in another order, and the check is meant to find wrong numbers, not rounded ones.
 */
export function toleranceOf(precision: ModelBundle['precision'], isSameProvider: boolean): Tolerance {
  // Whole numbers add up to the same everywhere. But a float before them that differs in its last bit may be rounded to
  // the next step, and that is as much as halves differ by.
  const same = { fp32: 1e-4, fp16: 2e-2, int8: 2e-2 }[precision];
  const allowed = isSameProvider ? same : { fp32: 10 * same, fp16: 2 * same, int8: 2 * same }[precision];
  return { absolute: allowed, relative: allowed };
}

/**
 * Compares every expected output.
 * @throws JobError `inference_failed` naming the output that has another number of values or differs by more than is
 * allowed.
 */
export function compareOutputs(
  given: Outputs,
  expected: Outputs,
  { absolute, relative }: Tolerance,
): Record<string, OutputDifference> {
  const differences: Record<string, OutputDifference> = {};
  for (const [name, values] of Object.entries(expected)) {
    const found = given[name];
    if (found?.length !== values.length) {
      throw failed(`${name} has ${found?.length ?? 0} values, expected ${values.length}`);
    }
    let [difference, largest] = [0, 0];
    for (const [index, value] of values.entries()) {
      difference = Math.max(difference, Math.abs((found[index] ?? 0) - value));
      largest = Math.max(largest, Math.abs(value));
    }
    const allowed = absolute + relative * largest;
    if (difference > allowed) {
      const [away, bound] = [difference, allowed].map((value) => value.toExponential(1));
      throw failed(`${name} is ${away} away from what is expected (allowed: ${bound})`);
    }
    differences[name] = { difference, allowed };
  }
  return differences;
}

function failed(message: string): JobError {
  return new JobError('inference_failed', message, { retryable: false });
}
