import { type ClipScore, JobError } from '@styleflow/contracts';
import type { ExecutionProvider, Outcome, Tensor } from '@styleflow/inference';

/** Steps between 32 frames, and style layers (W+ codes) of one frame. */
const STYLE_FLOW_SHAPE = [31, 18] as const;
/** Content tokens by style tokens. */
const ATTENTION_SHAPE = [16, 16] as const;

/**
 * One score a clip from a graph's outputs, leaving out the padding.
 * `outputs`: `logit` float [B]; with a style bundle also `style_flow` [B,31,18] and `attention` [B,16,16].
 * A logit that is no number fails its own clip only.
 * @throws JobError `inference_failed`, not retryable, when the graph does not have these outputs.
 */
export function readClipScores(
  outputs: Readonly<Record<string, Tensor>>,
  clips: number,
  { batchSize, provider }: { batchSize: number; provider: ExecutionProvider },
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
        provider,
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

/** The `index`-th [rows, columns] block. Seven digits hold what a float32 knows. */
function matrixOf(values: Float32Array, index: number, [rows, columns]: readonly [number, number]): number[][] {
  const start = index * rows * columns;
  return Array.from({ length: rows }, (_, row) =>
    Array.from(values.subarray(start + row * columns, start + (row + 1) * columns), (value) =>
      Number(value.toPrecision(7)),
    ),
  );
}
