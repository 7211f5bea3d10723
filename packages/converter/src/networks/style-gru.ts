import type { Stretch } from '@styleflow/checkpoints';
import type { Weight } from '@styleflow/files';
import {
  add,
  bidirectionalGru,
  cast,
  concat,
  dimOf,
  lengthOf,
  linearRows,
  multiply,
  relu,
  reshape,
  transpose,
  type Value,
} from '@styleflow/onnx';
import { CLIP_FRAMES } from './content.js';
import type { NetworkScope } from './network-scope.js';

/** Steps between the frames of a clip. */
export const FLOW_STEPS = CLIP_FRAMES - 1;

/** PyTorch stacks the gates as reset, update, new; ONNX wants update, reset, new. */
const GATES_IN_ONNX_ORDER = [1, 0, 2];
const DIRECTIONS = ['', '_reverse'];

/**
 * StyleGRU: a batch norm whose channels are the 31 steps, two bidirectional GRU layers that start from a learned state,
 * a residual feed-forward block and a linear layer. `flow` float32 [B, 31, F] → embedding float32 [B, 4·H] (final
 * states: layer 0 forward, backward, layer 1 forward, backward) and logit float32 [B]. In half precision only the
 * stored matrices are halves: the recurrence would round once in each of 31 steps, so norm, state and products stay
 * float32 (decisions/0005-half-precision.md).
 */
export function styleGru(net: NetworkScope, flow: Value): { readonly embedding: Value; readonly logit: Value } {
  const { graph } = net;
  const [, , hidden = 0] = net.shape('hidden_state', [4, 1, '*']);
  const norm = net.at('bn').affine([FLOW_STEPS, 1]);
  const scaled = multiply(graph, flow, small(net, 'bn.scale', norm.scale));
  const normed = add(graph, scaled, small(net, 'bn.shift', norm.shift));
  const layer0 = gruLayer(net, transpose(graph, normed, [1, 0, 2]), 0, hidden);
  const layer1 = gruLayer(net, layer0.states, 1, hidden);
  const finals = transpose(graph, concat(graph, [layer0.final, layer1.final], 0), [1, 0, 2]);
  const embedding = reshape(graph, finals, [dimOf(flow, 0), 4 * hidden]);
  return { embedding, logit: classify(net.at('dense'), embedding) };
}

/** [31, B, I] → all states [31, B, 2·H] and the final ones [2, B, H]. */
function gruLayer(net: NetworkScope, x: Value, layer: number, hidden: number) {
  const { graph } = net;
  const gru = net.at('gru');
  const [input, recurrent] = [`weight_ih_l${layer}`, `weight_hh_l${layer}`];
  const state = { name: 'hidden_state', start: 2 * layer * hidden, count: 2 * hidden };
  const start = net.assembled([2, 1, hidden], [state]);
  const { states, final } = bidirectionalGru(graph, x, {
    input: matrix(gru, input, gateRows(gru, input, hidden, lengthOf(x, 2))),
    recurrent: matrix(gru, recurrent, gateRows(gru, recurrent, hidden, hidden)),
    bias: small(gru, `bias_l${layer}`, gateBiases(gru, layer, hidden)),
    start: small(net, `hidden_state_l${layer}`, start),
  });
  // [31, 2, B, H]: forward and backward side by side.
  const beside = transpose(graph, states, [0, 2, 1, 3]);
  return { states: reshape(graph, beside, [FLOW_STEPS, dimOf(x, 1), 2 * hidden]), final };
}

/** The matrices of both directions, [3·H, columns] each, as [2, 3·H, columns] with the gates in ONNX's order. */
function gateRows(gru: NetworkScope, name: string, hidden: number, columns: number): Weight {
  const stretches = DIRECTIONS.flatMap((direction) => {
    gru.shape(name + direction, [3 * hidden, columns]);
    return gateStretches(name + direction, hidden * columns);
  });
  return gru.assembled([2, 3 * hidden, columns], stretches);
}

/** The biases [2, 6·H]: for each direction first those of the input, then those of the recurrence. */
function gateBiases(gru: NetworkScope, layer: number, hidden: number): Weight {
  const stretches = DIRECTIONS.flatMap((direction) =>
    ['ih', 'hh'].flatMap((kind) => {
      const name = `bias_${kind}_l${layer}${direction}`;
      gru.shape(name, [3 * hidden]);
      return gateStretches(name, hidden);
    }),
  );
  return gru.assembled([2, 6 * hidden], stretches);
}

function gateStretches(name: string, count: number): Stretch[] {
  return GATES_IN_ONNX_ORDER.map((gate) => ({ name, start: gate * count, count }));
}

/** A residual block and the linear layer that gives the logit. */
function classify(net: NetworkScope, embedding: Value): Value {
  const { graph } = net;
  const width = lengthOf(embedding, 1);
  const block = net.at('1.fn.net');
  const [inner = 0] = block.shape('0.weight', ['*', width]);
  const widened = relu(graph, rows(block.at('0'), embedding, inner));
  const residual = add(graph, embedding, rows(block.at('3'), widened, width));
  return reshape(graph, rows(net.at('3'), residual, 1), [dimOf(embedding, 0)]);
}

/** A linear layer whose matrix is stored as in the checkpoint, not transposed. */
function rows(net: NetworkScope, x: Value, out: number): Value {
  const weight = matrix(net, 'weight', net.tensor('weight', [out, lengthOf(x, 1)]));
  return linearRows(net.graph, x, weight, small(net, 'bias', net.tensor('bias', [out])));
}

/** A matrix that is stored in the network's float type and cast to float32 before it is used. */
function matrix(net: NetworkScope, name: string, weight: Weight): Value {
  return cast(net.graph, net.add(name, weight), 'float32');
}

/** A weight that is stored in float32, because rounding so small a one saves nothing. */
function small(net: NetworkScope, name: string, weight: Weight): Value {
  return net.graph.inFloats('float32', () => net.add(name, weight));
}
