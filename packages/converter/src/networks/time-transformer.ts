import type { RoleTensors } from '@styleflow/checkpoints';
import type { OnnxGraph, Value } from '@styleflow/onnx';
import {
  add,
  concat,
  constant,
  dimOf,
  expandLike,
  gelu,
  layerNorm,
  lengthOf,
  linear,
  matmul,
  multiply,
  reshape,
  slice,
  softmax,
  transpose,
} from '@styleflow/onnx';
import { NORM_EPSILON } from './batch-norm.js';
import { CLIP_TOKENS } from './content.js';

/** Width of one attention head; the checkpoint decides how many there are (16 in the original). */
export const HEAD_WIDTH = 64;

const ROOT = 'head.time_T';

/**
 * The temporal transformer encoder: a class token before the 16 tokens, learned positions, pre-norm blocks, and a linear
 * layer on the normed class token. `tokens` float32 [B, 16, C] → logit float32 [B] (no sigmoid).
 */
export function timeTransformer(graph: OnnxGraph, tensors: RoleTensors, tokens: Value): Value {
  const width = lengthOf(tokens, 2);
  const length = CLIP_TOKENS + 1;
  const token = graph.weight('cls_token', tensors.weight(`${ROOT}.cls_token`, [1, 1, width]));
  const positions = graph.weight('pos_embedding', tensors.weight(`${ROOT}.pos_embedding`, [1, length, width]));
  let x = add(graph, concat(graph, [expandLike(graph, token, tokens, 0, 0), tokens], 1), positions);
  let layer = 0;
  do {
    const name = `${ROOT}.transformer.layers.${layer}`;
    x = add(graph, x, selfAttention(graph, tensors, norm(graph, tensors, x, `${name}.0.fn.norm`), `${name}.0.fn.fn`));
    x = add(graph, x, feedForward(graph, tensors, norm(graph, tensors, x, `${name}.1.fn.norm`), `${name}.1.fn.fn`));
    layer++;
  } while (tensors.has(`${ROOT}.transformer.layers.${layer}.0.fn.norm.weight`));
  const first = norm(graph, tensors, slice(graph, x, 1, 0, 1), `${ROOT}.mlp_head.0`);
  const logit = dense(graph, tensors, first, `${ROOT}.mlp_head.1`, 1);
  return reshape(graph, logit, [dimOf(tokens, 0)]);
}

function selfAttention(graph: OnnxGraph, tensors: RoleTensors, x: Value, name: string): Value {
  const [batch, length, width] = [dimOf(x, 0), lengthOf(x, 1), lengthOf(x, 2)];
  const [rows = 0] = tensors.shape(`${name}.to_qkv.weight`, ['*', width]);
  const inner = rows / 3;
  if (inner % HEAD_WIDTH !== 0) {
    const full = tensors.fullName(`${name}.to_qkv.weight`);
    const each = 3 * HEAD_WIDTH;
    throw tensors.refusal(
      `tensor ${full} has ${rows} rows, expected ${each} for each head of ${HEAD_WIDTH} (a multiple of ${each})`,
    );
  }
  const heads = inner / HEAD_WIDTH;
  const weight = graph.weight(`${name}.to_qkv.weight`, tensors.transposed(`${name}.to_qkv.weight`, [rows, width]));
  const projected = linear(graph, x, weight, null);
  const perHead = (part: number, order: readonly number[]): Value => {
    const values = slice(graph, projected, 2, part * inner, (part + 1) * inner);
    return transpose(graph, reshape(graph, values, [batch, length, heads, HEAD_WIDTH]), order);
  };
  const products = matmul(graph, perHead(0, [0, 2, 1, 3]), perHead(1, [0, 2, 3, 1]));
  const scores = softmax(graph, multiply(graph, products, constant(graph, 'head-scale', [HEAD_WIDTH ** -0.5])), -1);
  const answer = transpose(graph, matmul(graph, scores, perHead(2, [0, 2, 1, 3])), [0, 2, 1, 3]);
  return dense(graph, tensors, reshape(graph, answer, [batch, length, inner]), `${name}.to_out.0`, width);
}

function feedForward(graph: OnnxGraph, tensors: RoleTensors, x: Value, name: string): Value {
  const width = lengthOf(x, 2);
  const [inner = 0] = tensors.shape(`${name}.net.0.weight`, ['*', width]);
  return dense(graph, tensors, gelu(graph, dense(graph, tensors, x, `${name}.net.0`, inner)), `${name}.net.3`, width);
}

function dense(graph: OnnxGraph, tensors: RoleTensors, x: Value, name: string, out: number): Value {
  return linear(
    graph,
    x,
    graph.weight(`${name}.weight`, tensors.transposed(`${name}.weight`, [out, lengthOf(x, 2)])),
    graph.weight(`${name}.bias`, tensors.weight(`${name}.bias`, [out])),
  );
}

function norm(graph: OnnxGraph, tensors: RoleTensors, x: Value, name: string): Value {
  const width = lengthOf(x, 2);
  return layerNorm(
    graph,
    x,
    graph.weight(`${name}.weight`, tensors.weight(`${name}.weight`, [width])),
    graph.weight(`${name}.bias`, tensors.weight(`${name}.bias`, [width])),
    NORM_EPSILON,
  );
}
