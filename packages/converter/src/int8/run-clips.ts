import { join } from 'node:path';
import { openThreadedSession, type Tensor } from '@styleflow/inference';
import { type OnnxGraph, writeModels } from '@styleflow/onnx';
import type { TrialClip } from './share-out-clips.js';

type Outputs = Readonly<Record<string, Tensor>>;

interface Runs {
  /** The graph, or the path of one that is written already. */
  readonly graph: OnnxGraph | string;
  readonly clips: readonly TrialClip[];
  /** An empty folder for the graph. */
  readonly folder: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs a graph on clips, one after the other, on the CPU provider; `see` gets the outputs of each.
 * @throws the signal's reason; JobError as sessions and clips do.
 */
export async function runClips(
  { graph, clips, folder, signal }: Runs,
  see: (outputs: Outputs, at: number) => void,
): Promise<void> {
  const path = typeof graph === 'string' ? graph : join(folder, 'graph.onnx');
  if (typeof graph !== 'string') await writeModels({ 'graph.onnx': graph }, folder);
  const session = await openThreadedSession(path, { providers: ['cpu'] });
  try {
    for (const [at, clip] of clips.entries()) {
      signal?.throwIfAborted();
      const data = await clip.read();
      see(await session.run({ clips: { type: 'uint8', dims: [1, 32, 256, 256, 3], data } }), at);
    }
  } finally {
    await session.release();
  }
}

/** The logit of each clip. */
export async function logitsOf(runs: Runs): Promise<number[]> {
  const logits: number[] = [];
  await runClips(runs, ({ logit }) => logits.push(Number(logit?.data[0])));
  return logits;
}
