import { constant, mean, type OnnxGraph, only, reshape, sigmoid, subtract, type Value } from '@styleflow/onnx';
import { gather } from './adapt-clips.js';
import type { ClipDescriptor } from './clip-descriptor.js';

/** Probabilities are kept this far from 0 and 1, so that every logit is finite: within ±13.8. */
const EDGE = 1e-6;
/** The first operator set in which the axes of a reduction are an input. */
const AXES_AS_INPUT = 18;

/** How many numbers make one score, by kind of output. */
export const NUMBERS_PER_SCORE = { logit: 1, probability: 1, logits2: 2, probabilities2: 2 } as const;

/**
 * Adds the nodes that turn a foreign model's output into the logit, float32 [B]. The output is float32 of any shape
 * that holds one score (one or two numbers) for each picture or clip, in order.
 */
export function readLogit(graph: OnnxGraph, raw: Value, descriptor: ClipDescriptor, opset: number): Value {
  const { kind, fakeIndex } = descriptor.output;
  const rows = logitOfRows(graph, raw, kind, fakeIndex);
  if (!descriptor.layout.isPerFrame) return reshape(graph, rows, ['B']);
  const frames = reshape(graph, rows, ['B', descriptor.frames.count]);
  if (descriptor.aggregate === 'mean-logit') return meanOfFrames(graph, frames, opset);
  return logOdds(graph, meanOfFrames(graph, sigmoid(graph, frames), opset));
}

function logitOfRows(graph: OnnxGraph, raw: Value, kind: ClipDescriptor['output']['kind'], fakeIndex: 0 | 1): Value {
  if (kind === 'logit' || kind === 'probability') {
    const rows = reshape(graph, raw, ['rows']);
    const logits = kind === 'logit' ? rows : logOdds(graph, rows);
    return fakeIndex === 1 ? logits : unary(graph, 'Neg', logits);
  }
  const pairs = reshape(graph, raw, ['rows', 2]);
  const column = (index: number): Value => {
    const values = gather(graph, pairs, 1, [index]);
    return kind === 'logits2' ? values : unary(graph, 'Log', bounded(graph, values));
  };
  // softmax(a, b) = sigmoid(a − b), and log(p / (1 − p)) = log p − log q. Both are exact where p is close to 1, too.
  return reshape(graph, subtract(graph, column(fakeIndex), column(1 - fakeIndex)), ['rows']);
}

/** log(p / (1 − p)). */
function logOdds(graph: OnnxGraph, probability: Value): Value {
  const p = bounded(graph, probability);
  const rest = subtract(graph, constant(graph, 'one', [1]), p);
  return subtract(graph, unary(graph, 'Log', p), unary(graph, 'Log', rest));
}

function bounded(graph: OnnxGraph, x: Value): Value {
  const above = only(graph.node('Max', [x, constant(graph, 'lowest', [EDGE])], {}, [x]));
  return only(graph.node('Min', [above, constant(graph, 'highest', [1 - EDGE])], {}, [x]));
}

/** [B, T] → [B]. */
function meanOfFrames(graph: OnnxGraph, x: Value, opset: number): Value {
  if (opset >= AXES_AS_INPUT) return mean(graph, x, [1]);
  const attributes = { axes: { ints: [1] }, keepdims: { int: 0 } };
  return only(graph.node('ReduceMean', [x], attributes, [{ type: x.type, shape: ['B'] }]));
}

function unary(graph: OnnxGraph, operator: 'Neg' | 'Log', x: Value): Value {
  return only(graph.node(operator, [x], {}, [x]));
}
