import { type ClipScore, JobError } from '@styleflow/contracts';
import type { ExecutionProvider, Outcome, Tensor } from '@styleflow/inference';

/** 31 steps between 32 frames, and 18 style layers (W+ codes) of one frame. */
const STYLE_FLOW_SHAPE = [31, 18] as const;
/** 16 content tokens and 16 style tokens. */
const ATTENTION_SHAPE = [16, 16] as const;

/**
 * Reads one score for each clip from a graph's outputs, without the padding. `outputs`: `logit` float [B]; with a style
 * bundle also `style_flow` [B,31,18] and `attention` [B,16,16]. A logit that is NaN or infinite fails its own clip
 * only. Each score names the provider, the graph and the runtime that gave it.
 * @throws JobError `inference_failed`, not retryable, when the graph does not have these outputs.
 */
export function readClipScores(
  outputs: Readonly<Record<string, Tensor>>,
  clips: number,
  { batchSize, ...names }: { batchSize: number; provider: ExecutionProvider; graph: string; runtime: string },
): Outcome<ClipScore>[] {
  const logits = read(outputs, 'logit', [batchSize]);
  const flow = outputs.style_flow && read(outputs, 'style_flow', [batchSize, ...STYLE_FLOW_SHAPE]);
  const attention = outputs.attention && read(outputs, 'attention', [batchSize, ...ATTENTION_SHAPE]);
  return Array.from({ length: clips }, (_, clip): Outcome<ClipScore> => {
    const logit = logits[clip] ?? Number.NaN;
    if (!Number.isFinite(logit)) {
      return { error: new JobError('inference_failed', `the clip's logit is ${logit}`, { retryable: false }) };
    }
    return {
      value: {
        v: 1,
        logit,
        ...(flow && { styleFlow: matrixOf(flow, clip, STYLE_FLOW_SHAPE) }),
        ...(attention && { attention: matrixOf(attention, clip, ATTENTION_SHAPE) }),
        batchSize,
        ...names,
      },
    };
  });
}

function read(outputs: Readonly<Record<string, Tensor>>, name: string, dims: readonly number[]): Float32Array {
  const tensor = outputs[name];
  if (tensor?.data instanceof Float32Array && tensor.dims.join() === dims.join()) return tensor.data;
  const found = tensor ? `${tensor.type} [${tensor.dims.join()}]` : 'nothing';
  throw new JobError('inference_failed', `the graph gives ${found} as ${name}, expected float32 [${dims.join()}]`, {
    retryable: false,
  });
}

/** The `index`-th block [rows, columns]. Numbers are rounded to the seven digits that a float32 holds. */
function matrixOf(values: Float32Array, index: number, [rows, columns]: readonly [number, number]): number[][] {
  const start = index * rows * columns;
  return Array.from({ length: rows }, (_, row) =>
    Array.from(values.subarray(start + row * columns, start + (row + 1) * columns), (value) =>
      Number(value.toPrecision(7)),
    ),
  );
}
