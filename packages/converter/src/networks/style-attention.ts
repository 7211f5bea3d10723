import type { RoleTensors } from '@styleflow/checkpoints';
import { STYLE_ATTENTION_PREFIX } from '@styleflow/checkpoints';
import type { OnnxGraph, Value } from '@styleflow/onnx';
import { add, constant, dimOf, lengthOf, linear, matmul, multiply, reshape, softmax, transpose } from '@styleflow/onnx';
import { CLIP_TOKENS } from './content.js';

/**
 * Style attention (the learned form, STA): queries from the content tokens, keys and values from the style embedding cut
 * into 16 tokens, one head; the projected answer is added to the content tokens.
 * `tokens` float32 [B, 16, C], `embedding` float32 [B, 16·C] → tokens float32 [B, 16, C], attention float32 [B, 16, 16]
 * (rows: content tokens; each sums to 1).
 */
export function styleAttention(
  graph: OnnxGraph,
  tensors: RoleTensors,
  tokens: Value,
  embedding: Value,
): { readonly tokens: Value; readonly attention: Value } {
  assertStyleAttention(tensors);
  const width = lengthOf(tokens, 2);
  const style = reshape(graph, embedding, [dimOf(tokens, 0), CLIP_TOKENS, width]);
  const project = (x: Value, layer: string): Value => {
    const name = `${STYLE_ATTENTION_PREFIX}${layer}`;
    return linear(
      graph,
      x,
      graph.weight(`${name}.weight`, tensors.transposed(`${name}.weight`, [width, width])),
      graph.weight(`${name}.bias`, tensors.weight(`${name}.bias`, [width])),
    );
  };
  const keys = transpose(graph, project(style, 'w_k'), [0, 2, 1]);
  const products = matmul(graph, project(tokens, 'w_q'), keys);
  const scale = constant(graph, 'attention-scale', [1 / Math.sqrt(width)]);
  const attention = softmax(graph, multiply(graph, products, scale), -1);
  const answer = project(matmul(graph, attention, project(style, 'w_v')), 'lp');
  return { tokens: add(graph, tokens, answer), attention };
}

const LAYERS = ['w_q', 'w_k', 'w_v', 'lp'];

/** @throws JobError `invalid_request` for the content checkpoint of a model without style. */
export function assertStyleAttention(tensors: RoleTensors): void {
  const names = LAYERS.map((layer) => `${STYLE_ATTENTION_PREFIX}${layer}.weight`);
  if (names.some((name) => tensors.has(name))) return;
  throw tensors.refusal(
    `it has no style attention (${tensors.fullName(names[0] ?? '')} and the others are missing), which joins the style branch ` +
      'to it: take the content checkpoint that was trained with style, or leave out style-gru and psp',
  );
}
