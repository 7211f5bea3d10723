import { type RoleTensors, STYLE_ATTENTION_PREFIX } from '@styleflow/checkpoints';
import type { Precision } from '@styleflow/contracts';
import { OnnxGraph } from '@styleflow/onnx';
import { CLIP_FRAMES, CLIP_TOKENS, CONTENT_SIDE, contentNetwork } from './content.js';
import { assertWidths, FLOATS } from './fuse.js';
import { NetworkScope } from './network-scope.js';
import { PSP_SIDE, pspEncoder } from './psp.js';
import { assertStyleAttention, styleAttention } from './style-attention.js';
import { FLOW_STEPS, styleGru } from './style-gru.js';
import { timeTransformer } from './time-transformer.js';

/** `content.onnx`: `frames` float32 [B, 3, 32, 224, 224], ImageNet-normalised → `tokens` float32 [B, 16, C]. */
export function contentPart(content: RoleTensors, precision: Precision = 'fp32'): OnnxGraph {
  const graph = new OnnxGraph('content');
  const frames = graph.input('frames', 'float32', ['B', 3, CLIP_FRAMES, CONTENT_SIDE, CONTENT_SIDE]);
  graph.output(
    'tokens',
    graph.within('content', () =>
      graph.inFloats(FLOATS[precision], () => contentNetwork(new NetworkScope(graph, content), frames)),
    ),
  );
  return graph;
}

/** `psp.onnx`: `images` float32 [N, 3, 256, 256], in −1..1 → `codes` float32 [N, 18, S], without `latent_avg`. */
export function pspPart(psp: RoleTensors, precision: Precision = 'fp32'): OnnxGraph {
  const graph = new OnnxGraph('psp');
  const images = graph.input('images', 'float32', ['N', 3, PSP_SIDE, PSP_SIDE]);
  graph.output(
    'codes',
    graph.within('psp', () =>
      graph.inFloats(FLOATS[precision], () => pspEncoder(new NetworkScope(graph, psp), images)),
    ),
  );
  return graph;
}

/** `style-gru.onnx`: `flow` float32 [B, 31, 18·S] → `embedding` float32 [B, 4·H], `logit` float32 [B]. */
export function styleGruPart(gru: RoleTensors, precision: Precision = 'fp32'): OnnxGraph {
  const graph = new OnnxGraph('style-gru');
  const [, width = 0] = gru.shape('gru.weight_ih_l0', ['*', '*']);
  const flow = graph.input('flow', 'float32', ['B', FLOW_STEPS, width]);
  const { embedding, logit } = graph.within('style-gru', () =>
    graph.inFloats(FLOATS[precision], () => styleGru(new NetworkScope(graph, gru), flow)),
  );
  graph.output('embedding', embedding);
  graph.output('logit', logit);
  return graph;
}

/**
 * `head.onnx`: `tokens` float32 [B, 16, C] → `logit` float32 [B]. With `withStyle` it also takes `embedding` float32
 * [B, 4·H] and gives `attention` float32 [B, 16, 16]; the checkpoint must then have style attention.
 */
export function headPart(content: RoleTensors, withStyle: boolean): OnnxGraph {
  const graph = new OnnxGraph('head');
  const net = new NetworkScope(graph, content);
  const [, , width = 0] = content.shape('head.time_T.cls_token', [1, 1, '*']);
  let tokens = graph.input('tokens', 'float32', ['B', CLIP_TOKENS, width]);
  if (withStyle) {
    assertStyleAttention(net);
    const [, inner = 0] = content.shape(`${STYLE_ATTENTION_PREFIX}w_k.weight`, ['*', width]);
    const embedding = graph.input('embedding', 'float32', ['B', CLIP_TOKENS * inner]);
    assertWidths(embedding, tokens);
    const fused = graph.within('head', () => styleAttention(net, tokens, embedding));
    graph.output('attention', fused.attention);
    tokens = fused.tokens;
  }
  graph.output(
    'logit',
    graph.within('head', () => timeTransformer(net, tokens)),
  );
  return graph;
}
