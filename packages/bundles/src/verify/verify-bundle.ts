import { join } from 'node:path';
import { JobError } from '@styleflow/contracts';
import {
  type ExecutionProvider,
  type FallenNodes,
  type Feeds,
  openThreadedSession,
  type Tensor,
} from '@styleflow/inference';
import { type OpenedBundle, openBundle } from '../bundle/open-bundle.js';
import { compareOutputs, type OutputDifference, type Outputs, toleranceOf } from './compare-outputs.js';
import { readExpectations, writeExpectations } from './expectations.js';
import { clipFeeds, partFeeds } from './graph-feeds.js';

export interface VerifyOptions {
  readonly providers: readonly ExecutionProvider[];
  /**
   * Store what the graph gives now as what is expected from here on. The import does not do it by itself: one clip through
   * the published sizes takes a minute and 7.6 GB on the CPU, the import 40 s and 0.2 GB.
   */
  readonly record: boolean;
}

export interface VerifiedBundle {
  readonly bundle: OpenedBundle;
  readonly provider: ExecutionProvider;
  /** The files that were run: the graph that workers run, or, in a bundle without one, every part. */
  readonly graphs: readonly string[];
  /** Nodes that the first provider did not take. */
  readonly fallback: readonly FallenNodes[];
  /** Of the runs of one clip (one picture through a lone pSp), without loading. */
  readonly seconds: number;
  /** `none`: nothing is stored to compare with. */
  readonly expectations: 'matched' | 'recorded' | 'none';
  /** The provider that the expectations were recorded on; null without. */
  readonly recordedOn: string | null;
  /** Of each output from what was expected; empty unless something was compared. */
  readonly differences: Readonly<Record<string, OutputDifference>>;
}

/**
 * Verifies the digests of a bundle, runs its graph (or its parts) on a built-in input, and compares what comes out with
 * what was stored.
 * @throws JobError `bundle_unknown` when the bundle cannot be opened; `inference_failed` when a graph cannot be run, gives
 * what is no number, or is further from the expectations than is allowed.
 */
export async function verifyBundle(directory: string, options: VerifyOptions): Promise<VerifiedBundle> {
  const bundle = await openBundle(directory);
  const { manifest } = bundle;
  // Before the run, which may take minutes.
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
  if (manifest.graph !== undefined) await run(manifest.graph, clipFeeds(), '');
  // Beside the graph that holds them all, parts add no network.
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
  // On the CPU alone nothing can fall; elsewhere counting makes the run slower.
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
