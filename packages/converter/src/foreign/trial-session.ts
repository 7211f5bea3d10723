import { builtInClips } from '@styleflow/bundles/verify';
import { JobError } from '@styleflow/contracts';
import { checkpointError } from '@styleflow/files';
import { openThreadedSession, type Tensor } from '@styleflow/inference';
import { MODEL_PREFIX } from './graph-walk.js';

/** Milliseconds between two looks at the memory of the process while a graph runs. */
const SAMPLE_MS = 2;

export interface TrialRun {
  readonly output: Tensor & { readonly data: Float32Array };
  /** By how much the memory of the process grew at most while the graph ran, in bytes. */
  readonly grownBytes: number;
}

/** Runs a graph on built-in clips, on the CPU, in a thread of its own. */
export interface TrialSession {
  /** Runs the clips of these seeds as one tensor batch. */
  run(seeds: readonly number[]): Promise<TrialRun>;
}

export interface TrialGraph {
  readonly path: string;
  readonly outputName: 'raw' | 'logit';
  /** What model and descriptor say of the input, for messages. */
  readonly fit: string;
}

/**
 * Loads the graph with the output named, passes it to `use`, and closes it.
 * @throws JobError `invalid_request` with the runtime's own reason when the graph cannot be loaded or run.
 */
export async function withTrialSession<T>(
  { path, outputName, fit }: TrialGraph,
  use: (session: TrialSession) => Promise<T>,
): Promise<T> {
  const session = await openThreadedSession(path, { providers: ['cpu'] }).catch((error: unknown) => {
    throw explainTrial(`ONNX Runtime does not load the model (${fit})`, path, error);
  });
  const run = async (seeds: readonly number[]): Promise<TrialRun> => {
    const clips = builtInClips(seeds);
    const before = process.memoryUsage.rss();
    let most = before;
    const look = () => {
      most = Math.max(most, process.memoryUsage.rss());
    };
    const timer = setInterval(look, SAMPLE_MS);
    try {
      const outputs = await session.run({ clips });
      look();
      const output = outputs[outputName];
      if (!(output?.data instanceof Float32Array)) throw new JobError('internal', `the graph gives no ${outputName}`);
      return { output: { ...output, data: output.data }, grownBytes: most - before };
    } catch (error) {
      throw explainTrial(`the model does not run (${fit})`, path, error);
    } finally {
      clearInterval(timer);
    }
  };
  try {
    return await use({ run });
  } finally {
    await session.release();
  }
}

/**
 * Turns the runtime's error into one for the caller. Our folder and the prefix are taken out of its message, because
 * the caller knows neither.
 */
export function explainTrial(what: string, path: string, error: unknown): JobError {
  const reason = error instanceof Error ? error.message : String(error);
  const plain = reason.replaceAll(path, 'the graph').replaceAll(MODEL_PREFIX, '');
  return checkpointError(`${what}: ${plain}`, error);
}
