import { join } from 'node:path';
import { JobError } from '@styleflow/contracts';
import {
  type ExecutionProvider,
  type FallenNodes,
  type Feeds,
  hasVnni,
  openThreadedSession,
  type Tensor,
} from '@styleflow/inference';
import { graphOf, type OpenedBundle, openBundle } from '../bundle/open-bundle.js';
import { refuseInt8 } from '../bundle/refuse-int8.js';
import { compareOutputs, type OutputDifference, type Outputs, toleranceOf } from './compare-outputs.js';
import { readExpectations, writeExpectations } from './expectations.js';
import { clipFeeds, partFeeds } from './graph-feeds.js';

export interface VerifyOptions {
  readonly providers: readonly ExecutionProvider[];
  /**
   * Store the graph's present outputs as what is expected from now on. An import does not do this by itself, because it
   * would take far longer (README, last paragraph).
   */
  readonly record: boolean;
}

export interface VerifiedBundle {
  readonly bundle: OpenedBundle;
  readonly provider: ExecutionProvider;
  /** The files that were run: the graph that workers run or, in a bundle without one, every part. */
  readonly graphs: readonly string[];
  /** Nodes that ran on another provider than the first. */
  readonly fallback: readonly FallenNodes[];
  /** Duration of the runs of one clip (one picture for pSp alone), without loading. */
  readonly seconds: number;
  /** `none`: there are no expectations to compare with. */
  readonly expectations: 'matched' | 'recorded' | 'none';
  /** The provider on which the expectations were recorded; null without expectations. */
  readonly recordedOn: string | null;
  /** How far each output lies from what was expected; empty when nothing was compared. */
  readonly differences: Readonly<Record<string, OutputDifference>>;
}

/**
 * Verifies the digests of a bundle, runs its graph (or its parts) on a built-in input, and compares the outputs with
 * the stored ones.
 * @throws JobError `bundle_unknown` when the bundle cannot be opened; `inference_failed` when a graph cannot be run,
 * gives NaN or an infinity, or differs from the expectations by more than is allowed.
 */
export async function verifyBundle(directory: string, options: VerifyOptions): Promise<VerifiedBundle> {
  const bundle = await openBundle(directory);
  const { manifest } = bundle;
  await refuseInt8(bundle, { provider: options.providers[0] ?? 'cpu', vnni: hasVnni });
  // Read before the run, which may take minutes, so that a refusal comes at once.
  const expected = options.record ? null : await readExpectations(bundle.directory, bundle.digest);
  const given: Record<string, readonly number[]> = {};
  const graphs: string[] = [];
  const fallback: FallenNodes[] = [];
  let seconds = 0;
  let provider: ExecutionProvider = 'cpu';
  const run = async (file: string, feeds: Feeds, prefix: string): Promise<void> => {
    const ran = await runGraph(join(bundle.directory, file), feeds, options.providers);
    for (const [name, tensor] of Object.entries(ran.outputs)) given[prefix + name] = valuesOf(prefix + name, tensor);
    graphs.push(file);
    fallback.push(...(ran.placement?.fallback ?? []));
    seconds += ran.seconds;
    provider = ran.provider;
  };
  const graph = graphOf(bundle, options.providers[0] ?? 'cpu');
  if (graph) await run(graph.file, clipFeeds(), '');
  // Parts are not run beside the graph, because it contains all of their networks.
  else
    for (const part of manifest.parts ?? []) await run(part, await partFeeds(join(bundle.directory, part)), `${part} `);
  const facts = { bundle, provider, graphs, fallback, seconds };
  if (options.record) {
    await writeExpectations(bundle.directory, { format: 1, digest: bundle.digest, provider, outputs: given });
    return { ...facts, expectations: 'recorded', recordedOn: provider, differences: {} };
  }
  if (!expected) return { ...facts, expectations: 'none', recordedOn: null, differences: {} };
  const tolerance = toleranceOf(manifest.precision, expected.provider === provider);
  const differences = compareOutputs(given, expected.outputs, tolerance);
  return { ...facts, expectations: 'matched', recordedOn: expected.provider, differences };
}

async function runGraph(path: string, feeds: Feeds, providers: readonly ExecutionProvider[]) {
  // Counting makes the run slower, and with the CPU alone no node can run elsewhere.
  const countsNodes = providers.some((provider) => provider !== 'cpu');
  const session = await openThreadedSession(path, { providers, countsNodes });
  try {
    const { outputs, seconds } = await session.runLent(feeds, () => {});
    return { outputs, seconds, provider: session.provider, placement: session.placement };
  } finally {
    await session.release();
  }
}

function valuesOf(name: string, { data }: Tensor): Outputs[string] {
  const values = Array.from(data, Number);
  const odd = values.find((value) => !Number.isFinite(value));
  if (odd === undefined) return values;
  throw new JobError('inference_failed', `${name} of the built-in input holds ${odd}`, { retryable: false });
}
