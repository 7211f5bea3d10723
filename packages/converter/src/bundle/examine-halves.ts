import { mkdtemp, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { builtInClips, partFeeds } from '@styleflow/bundles/verify';
import { leftoverPrefix } from '@styleflow/files';
import { type Feeds, openThreadedSession, type Tensor } from '@styleflow/inference';
import { type OnnxGraph, writeModels } from '@styleflow/onnx';
import { type HalfPeak, largestByNetwork, peaksOf, probeHalves, refuseOverflow } from './half-values.js';
import { GRAPH_FILE } from './write-bundle.js';

/**
 * What rounding the weights to half precision changes. It does not show what rounded values change on a card: the CPU
 * provider removes every cast that would round a value on the way, and computes in float32 throughout.
 */
export interface RoundingError {
  readonly clips: number;
  /** Largest difference of a logit from the float32 graph's. */
  readonly logit: number;
  /** Largest difference of a score (0..1, calibration 1 and 0). */
  readonly score: number;
}

export interface ExaminedHalves {
  /** Null for a bundle of parts only. */
  readonly rounding: RoundingError | null;
  /** The largest value of each network that computes in halves. */
  readonly peaks: readonly HalfPeak[];
}

interface ExamineOptions {
  /** The folder that holds the bundle's files until they move to their place. */
  readonly fresh: string;
  /**
   * The bundle's final place. Temporary files lie beside it: should this process be killed, the next import there
   * removes them.
   */
  readonly directory: string;
  /** The bundle's graphs in half precision, by file name. They must be copies, because they are changed here. */
  readonly graphs: Readonly<Record<string, OnnxGraph>>;
  readonly clips: number;
}

/**
 * Runs a bundle in half precision and again in float32 on built-in clips. This tells what rounding changed, and how
 * large the values are that a card keeps in halves. Without a graph of the whole, each part runs on an input of its
 * own. Only one graph is loaded at a time.
 * @throws JobError `invalid_request` for a layer whose values half precision cannot hold; `inference_failed` or
 * `internal` when a graph cannot be loaded or run.
 */
export async function examineHalves({ fresh, directory, graphs, clips }: ExamineOptions): Promise<ExaminedHalves> {
  const { [GRAPH_FILE]: whole, ...parts } = graphs;
  const folder = await mkdtemp(leftoverPrefix(resolve(directory)));
  try {
    if (!whole) {
      const peaks: HalfPeak[] = [];
      for (const [file, part] of Object.entries(parts)) peaks.push(...(await partPeaks(folder, file, part)));
      refuseOverflow(peaks);
      return { rounding: null, peaks };
    }
    // The feeds are made anew for each run, because a run takes their memory.
    const feeds = Array.from({ length: clips }, (_, index) => async () => ({ clips: builtInClips([index + 1]) }));
    const probes = probeHalves(whole);
    await writeModels({ [GRAPH_FILE]: whole }, folder);
    const exact = await runEach(join(folder, GRAPH_FILE), feeds);
    const peaks = largestByNetwork(exact.flatMap((outputs) => peaksOf(probes, outputs)));
    refuseOverflow(peaks);
    const rounded = await runEach(join(fresh, GRAPH_FILE), feeds);
    return { rounding: { clips, ...compareLogits(exact.map(logitOf), rounded.map(logitOf)) }, peaks };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function partPeaks(folder: string, file: string, part: OnnxGraph): Promise<HalfPeak[]> {
  const path = join(folder, file);
  const probes = probeHalves(part);
  if (probes.length === 0) return [];
  await writeModels({ [file]: part }, folder);
  const runs = await runEach(path, [() => partFeeds(path)]);
  return runs.flatMap((outputs) => peaksOf(probes, outputs));
}

type Outputs = Readonly<Record<string, Tensor>>;

async function runEach(path: string, feeds: readonly (() => Promise<Feeds>)[]): Promise<Outputs[]> {
  const session = await openThreadedSession(path, { providers: ['cpu'] });
  try {
    const runs: Outputs[] = [];
    for (const make of feeds) runs.push((await session.runLent(await make(), () => {})).outputs);
    return runs;
  } finally {
    await session.release();
  }
}

function logitOf({ logit }: Outputs): number {
  return Number(logit?.data[0]);
}

function compareLogits(exact: readonly number[], rounded: readonly number[]): Pick<RoundingError, 'logit' | 'score'> {
  const largest = (of: (logit: number) => number): number =>
    exact.reduce((most, logit, index) => Math.max(most, Math.abs(of(logit) - of(rounded[index] ?? Number.NaN))), 0);
  return { logit: largest((logit) => logit), score: largest((logit) => 1 / (1 + Math.exp(-logit))) };
}
