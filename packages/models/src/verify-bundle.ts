import { JobError } from '@styleflow/contracts';
import { type ExecutionProvider, openThreadedSession, type Tensor } from '@styleflow/inference';
import { builtInClips } from './built-in-clips.js';
import { readExpectations, writeExpectations } from './expectations.js';
import { openServableBundle, type ServableBundle } from './open-bundle.js';

/** The built-in clip that bundles are verified with. */
const SEED = 1;
/** Largest difference from the stored expectations: this much, and this share of the largest value expected. */
const TOLERANCE = { fp32: { absolute: 1e-4, relative: 1e-4 }, fp16: { absolute: 2e-2, relative: 2e-2 } } as const;

export interface VerifyOptions {
  readonly providers: readonly ExecutionProvider[];
  /** Store what the graph gives now as what is expected from here on. */
  readonly record: boolean;
}

export interface VerifiedBundle {
  readonly bundle: ServableBundle;
  readonly provider: ExecutionProvider;
  /** Of the run of one clip, without loading. */
  readonly seconds: number;
  /** `none`: nothing is stored to compare with. */
  readonly expectations: 'matched' | 'recorded' | 'none';
  /** Largest difference of each output from what was expected; empty without expectations. */
  readonly differences: Readonly<Record<string, number>>;
}

/**
 * Verifies the digests of a bundle, runs its graph on a built-in clip, and compares what comes out with what was stored.
 * @throws JobError `bundle_unknown` when the bundle cannot be opened; `inference_failed` when the graph cannot be run, gives
 * what is no number, or is further from the expectations than the tolerance of its precision.
 */
export async function verifyBundle(directory: string, options: VerifyOptions): Promise<VerifiedBundle> {
  const bundle = await openServableBundle(directory);
  const session = await openThreadedSession(bundle.graphPath, { providers: options.providers });
  try {
    const { outputs, seconds } = await session.runLent({ clips: builtInClips([SEED]) }, () => {});
    const given = Object.fromEntries(Object.entries(outputs).map(([name, tensor]) => [name, valuesOf(name, tensor)]));
    const { provider } = session;
    const facts = { bundle, provider, seconds };
    if (options.record) {
      await writeExpectations(bundle.directory, { format: 1, digest: bundle.digest, provider, outputs: given });
      return { ...facts, expectations: 'recorded', differences: {} };
    }
    const expected = await readExpectations(bundle.directory, bundle.digest);
    if (!expected) return { ...facts, expectations: 'none', differences: {} };
    const differences = compare(given, expected.outputs, TOLERANCE[bundle.manifest.precision]);
    return { ...facts, expectations: 'matched', differences };
  } finally {
    await session.release();
  }
}

type Outputs = Readonly<Record<string, readonly number[]>>;

function valuesOf(name: string, { data }: Tensor): number[] {
  const values = Array.from(data, Number);
  const odd = values.find((value) => !Number.isFinite(value));
  if (odd === undefined) return values;
  throw new JobError('inference_failed', `${name} of the built-in clip holds ${odd}`, { retryable: false });
}

function compare(
  given: Outputs,
  expected: Outputs,
  { absolute, relative }: { readonly absolute: number; readonly relative: number },
): Record<string, number> {
  const differences: Record<string, number> = {};
  for (const [name, values] of Object.entries(expected)) {
    const found = given[name];
    if (found?.length !== values.length) {
      throw new JobError('inference_failed', `${name} has ${found?.length ?? 0} values, expected ${values.length}`, {
        retryable: false,
      });
    }
    let [difference, largest] = [0, 0];
    for (const [index, value] of values.entries()) {
      difference = Math.max(difference, Math.abs((found[index] ?? 0) - value));
      largest = Math.max(largest, Math.abs(value));
    }
    const allowed = absolute + relative * largest;
    if (difference > allowed) {
      throw new JobError(
        'inference_failed',
        `${name} is ${difference.toExponential(1)} away from what is expected (allowed: ${allowed.toExponential(1)})`,
        { retryable: false },
      );
    }
    differences[name] = difference;
  }
  return differences;
}
