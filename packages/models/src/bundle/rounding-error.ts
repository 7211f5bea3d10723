import { mkdtemp, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { openThreadedSession } from '@styleflow/inference';
import { leftoverPrefix } from '../files/leftover-folders.js';
import type { OnnxGraph } from '../onnx/onnx-graph.js';
import { writeModels } from '../onnx/write-model.js';
import { builtInClips } from './built-in-clips.js';
import { GRAPH_FILE } from './write-bundle.js';

/**
 * What rounding the weights to half precision changes. The CPU provider computes with them in float32 throughout: it takes
 * every cast away that would round a value between. So this tells neither what a card's rounded values change nor whether one of
 * them is beyond 65504, which a card makes infinite.
 */
export interface RoundingError {
  readonly clips: number;
  /** Largest difference of a logit from the float32 graph's. */
  readonly logit: number;
  /** Largest difference of a score (0..1, calibration 1 and 0). */
  readonly score: number;
}

/**
 * Compares the graph of a bundle with `full`, the same in float32, on built-in clips. One graph is loaded at a time; `full`
 * lies beside the bundle meanwhile, where the next import would clear it away if this process were killed.
 * @throws JobError `inference_failed` or `internal` when a graph cannot be loaded or run.
 */
export async function roundingError(directory: string, full: OnnxGraph, clips: number): Promise<RoundingError> {
  const folder = await mkdtemp(leftoverPrefix(resolve(directory)));
  try {
    await writeModels({ [GRAPH_FILE]: full }, folder);
    const exact = await logitsOf(join(folder, GRAPH_FILE), clips);
    const rounded = await logitsOf(join(directory, GRAPH_FILE), clips);
    const largest = (of: (logit: number) => number): number =>
      exact.reduce((most, logit, index) => Math.max(most, Math.abs(of(logit) - of(rounded[index] ?? Number.NaN))), 0);
    return { clips, logit: largest((logit) => logit), score: largest((logit) => 1 / (1 + Math.exp(-logit))) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function logitsOf(path: string, clips: number): Promise<number[]> {
  const session = await openThreadedSession(path, { providers: ['cpu'] });
  try {
    const logits: number[] = [];
    for (let seed = 1; seed <= clips; seed++) {
      const { outputs } = await session.runLent({ clips: builtInClips([seed]) }, () => {});
      logits.push(...Array.from(outputs.logit?.data ?? [], Number));
    }
    return logits;
  } finally {
    await session.release();
  }
}
