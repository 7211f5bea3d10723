import { STYLE_ATTENTION_PATH } from '@styleflow/checkpoints';
import {
  add,
  constant,
  dimOf,
  lengthOf,
  matmul,
  multiply,
  reshape,
  softmax,
  transpose,
  type Value,
} from '@styleflow/onnx';
import { CLIP_TOKENS } from './content.js';
import type { NetworkScope } from './network-scope.js';

/**
 * Style attention (the learned form, STA), with one head. The content tokens give the queries; the style embedding, cut
 * into 16 tokens, gives keys and values. The projected answer is added to the content tokens. `tokens` float32 [B, 16,
 * C], `embedding` float32 [B, 16·C] → tokens float32 [B, 16, C], attention float32 [B, 16, 16] (one row for each
 * content token; a row sums to 1).
 */
export function styleAttention(
  net: NetworkScope,
  tokens: Value,
  embedding: Value,
): { readonly tokens: Value; readonly attention: Value } {
  assertStyleAttention(net);
  const { graph } = net;
  const width = lengthOf(tokens, 2);
  const style = reshape(graph, embedding, [dimOf(tokens, 0), CLIP_TOKENS, width]);
  const project = (x: Value, layer: string): Value => net.at(STYLE_ATTENTION_PATH).at(layer).dense(x, width);
  const keys = transpose(graph, project(style, 'w_k'), [0, 2, 1]);
  const products = matmul(graph, project(tokens, 'w_q'), keys);
  const scale = constant(graph, 'attention-scale', [1 / Math.sqrt(width)]);
  const attention = softmax(graph, multiply(graph, products, scale), -1);
  const answer = project(matmul(graph, attention, project(style, 'w_v')), 'lp');
  return { tokens: add(graph, tokens, answer), attention };
}

const LAYERS = ['w_q', 'w_k', 'w_v', 'lp'];

/**
 * Refuses a content checkpoint of a model without style.
 * @throws JobError `invalid_request`
 */
export function assertStyleAttention(net: NetworkScope): void {
  const attention = net.at(STYLE_ATTENTION_PATH);
  if (LAYERS.some((layer) => attention.has(`${layer}.weight`))) return;
  throw attention.refusal(
    `${LAYERS[0]}.weight`,
    (name) =>
      `it has no style attention (${name} and the others are missing), which joins the style branch ` +
      'to it: take the content checkpoint that was trained with style, or leave out style-gru and psp',
  );
}
