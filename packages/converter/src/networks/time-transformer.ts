import {
  add,
  concat,
  constant,
  dimOf,
  expandLike,
  gelu,
  lengthOf,
  linear,
  matmul,
  multiply,
  reshape,
  slice,
  softmax,
  transpose,
  type Value,
} from '@styleflow/onnx';
import { CLIP_TOKENS } from './content.js';
import type { NetworkScope } from './network-scope.js';

/** Width of one attention head; the checkpoint decides how many there are (16 in the original). */
export const HEAD_WIDTH = 64;

const ROOT = 'head.time_T';

/**
 * The temporal transformer encoder: a class token before the 16 tokens, learned positions, blocks with the norm first,
 * and a linear layer on the normed class token. `tokens` float32 [B, 16, C] → logit float32 [B] (no sigmoid).
 */
export function timeTransformer(net: NetworkScope, tokens: Value): Value {
  const { graph } = net;
  const root = net.at(ROOT);
  const width = lengthOf(tokens, 2);
  const length = CLIP_TOKENS + 1;
  const token = graph.weight('cls_token', root.tensor('cls_token', [1, 1, width]));
  const positions = graph.weight('pos_embedding', root.tensor('pos_embedding', [1, length, width]));
  let x = add(graph, concat(graph, [expandLike(graph, token, tokens, 0, 0), tokens], 1), positions);
  let layer = 0;
  do {
    const block = root.at(`transformer.layers.${layer}`);
    const [attention, widening] = [block.at('0.fn'), block.at('1.fn')];
    x = add(graph, x, selfAttention(attention.at('fn'), attention.at('norm').layerNorm(x)));
    x = add(graph, x, feedForward(widening.at('fn.net'), widening.at('norm').layerNorm(x)));
    layer++;
  } while (root.has(`transformer.layers.${layer}.0.fn.norm.weight`));
  const classify = root.at('mlp_head');
  const first = classify.at('0').layerNorm(slice(graph, x, 1, 0, 1));
  return reshape(graph, classify.at('1').dense(first, 1), [dimOf(tokens, 0)]);
}

function selfAttention(net: NetworkScope, x: Value): Value {
  const { graph } = net;
  const [batch, length, width] = [dimOf(x, 0), lengthOf(x, 1), lengthOf(x, 2)];
  const [rows = 0] = net.shape('to_qkv.weight', ['*', width]);
  const inner = rows / 3;
  if (inner % HEAD_WIDTH !== 0) {
    const each = 3 * HEAD_WIDTH;
    throw net.refusal(
      'to_qkv.weight',
      (name) =>
        `tensor ${name} has ${rows} rows, expected ${each} for each head of ${HEAD_WIDTH} (a multiple of ${each})`,
    );
  }
  const heads = inner / HEAD_WIDTH;
  const projected = linear(graph, x, net.transposed('to_qkv.weight', [rows, width]), null);
  const perHead = (part: number, order: readonly number[]): Value => {
    const values = slice(graph, projected, 2, part * inner, (part + 1) * inner);
    return transpose(graph, reshape(graph, values, [batch, length, heads, HEAD_WIDTH]), order);
  };
  const products = matmul(graph, perHead(0, [0, 2, 1, 3]), perHead(1, [0, 2, 3, 1]));
  const scores = softmax(graph, multiply(graph, products, constant(graph, 'head-scale', [HEAD_WIDTH ** -0.5])), -1);
  const answer = transpose(graph, matmul(graph, scores, perHead(2, [0, 2, 1, 3])), [0, 2, 1, 3]);
  return net.at('to_out.0').dense(reshape(graph, answer, [batch, length, inner]), width);
}

function feedForward(net: NetworkScope, x: Value): Value {
  const width = lengthOf(x, 2);
  const [inner = 0] = net.shape('0.weight', ['*', width]);
  return net.at('3').dense(gelu(net.graph, net.at('0').dense(x, inner)), width);
}
