import type { RoleTensors, Stretch } from '@styleflow/checkpoints';
import type { Weight } from '@styleflow/files';
import type { OnnxGraph, Value } from '@styleflow/onnx';
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
} from '@styleflow/onnx';
import { affineOf } from './batch-norm.js';
import { CLIP_FRAMES } from './content.js';

/** Steps between the frames of a clip. */
export const FLOW_STEPS = CLIP_FRAMES - 1;

/** ONNX stacks the gates update, reset, new; PyTorch reset, update, new. */
const GATES_IN_ONNX_ORDER = [1, 0, 2];
const DIRECTIONS = ['', '_reverse'];

/**
 * StyleGRU: batch norm over the steps (each of the 31 steps is a channel), two bidirectional GRU layers that start from a
 * learned state, a residual feed-forward block and a linear layer.
 * `flow` float32 [B, 31, F] → embedding float32 [B, 4·H] (final states: layer 0 forward, backward, layer 1 forward,
 * backward) and logit float32 [B]. In half precision only the matrices are halves, on the disk: the recurrence rounds
 * once per step, 31 times over, so norm, state and products stay float32.
 */
export function styleGru(
  graph: OnnxGraph,
  tensors: RoleTensors,
  flow: Value,
): { readonly embedding: Value; readonly logit: Value } {
  const [, , hidden = 0] = tensors.shape('hidden_state', [4, 1, '*']);
  const norm = affineOf(tensors, 'bn', [FLOW_STEPS, 1]);
  const scaled = multiply(graph, flow, small(graph, 'bn.scale', norm.scale));
  const normed = add(graph, scaled, small(graph, 'bn.shift', norm.shift));
  const layer0 = gruLayer(graph, tensors, transpose(graph, normed, [1, 0, 2]), 0, hidden);
  const layer1 = gruLayer(graph, tensors, layer0.states, 1, hidden);
  const finals = transpose(graph, concat(graph, [layer0.final, layer1.final], 0), [1, 0, 2]);
  const embedding = reshape(graph, finals, [dimOf(flow, 0), 4 * hidden]);
  return { embedding, logit: classify(graph, tensors, embedding) };
}

/** [31, B, I] → all states [31, B, 2·H] and the final ones [2, B, H]. */
function gruLayer(graph: OnnxGraph, tensors: RoleTensors, x: Value, layer: number, hidden: number) {
  const start = tensors.assembled(
    [2, 1, hidden],
    [{ name: 'hidden_state', start: 2 * layer * hidden, count: 2 * hidden }],
  );
  const { states, final } = bidirectionalGru(graph, x, {
    input: matrix(
      graph,
      `gru.weight_ih_l${layer}`,
      gateRows(tensors, `gru.weight_ih_l${layer}`, hidden, lengthOf(x, 2)),
    ),
    recurrent: matrix(graph, `gru.weight_hh_l${layer}`, gateRows(tensors, `gru.weight_hh_l${layer}`, hidden, hidden)),
    bias: small(graph, `gru.bias_l${layer}`, gateBiases(tensors, layer, hidden)),
    start: small(graph, `hidden_state_l${layer}`, start),
  });
  // [31, 2, B, H]: forward and backward side by side.
  const beside = transpose(graph, states, [0, 2, 1, 3]);
  return { states: reshape(graph, beside, [FLOW_STEPS, dimOf(x, 1), 2 * hidden]), final };
}

/** Both directions' matrices [3·H, columns] as [2, 3·H, columns] with the gates in ONNX's order. */
function gateRows(tensors: RoleTensors, name: string, hidden: number, columns: number): Weight {
  const stretches = DIRECTIONS.flatMap((direction) => {
    tensors.shape(name + direction, [3 * hidden, columns]);
    return gateStretches(name + direction, hidden * columns);
  });
  return tensors.assembled([2, 3 * hidden, columns], stretches);
}

/** [2, 6·H]: input biases, then recurrent biases, of each direction. */
function gateBiases(tensors: RoleTensors, layer: number, hidden: number): Weight {
  const stretches = DIRECTIONS.flatMap((direction) =>
    ['ih', 'hh'].flatMap((kind) => {
      const name = `gru.bias_${kind}_l${layer}${direction}`;
      tensors.shape(name, [3 * hidden]);
      return gateStretches(name, hidden);
    }),
  );
  return tensors.assembled([2, 6 * hidden], stretches);
}

function gateStretches(name: string, count: number): Stretch[] {
  return GATES_IN_ONNX_ORDER.map((gate) => ({ name, start: gate * count, count }));
}

function classify(graph: OnnxGraph, tensors: RoleTensors, embedding: Value): Value {
  const width = lengthOf(embedding, 1);
  const [inner = 0] = tensors.shape('dense.1.fn.net.0.weight', ['*', width]);
  const layer = (x: Value, name: string, rows: number, columns: number): Value =>
    linearRows(
      graph,
      x,
      matrix(graph, `${name}.weight`, tensors.weight(`${name}.weight`, [rows, columns])),
      small(graph, `${name}.bias`, tensors.weight(`${name}.bias`, [rows])),
    );
  const widened = relu(graph, layer(embedding, 'dense.1.fn.net.0', inner, width));
  const residual = add(graph, embedding, layer(widened, 'dense.1.fn.net.3', width, inner));
  return reshape(graph, layer(residual, 'dense.3', 1, width), [dimOf(embedding, 0)]);
}

/** Stored in the floats in force, computed with as float32. */
function matrix(graph: OnnxGraph, name: string, weight: Weight): Value {
  return cast(graph, graph.weight(name, weight), 'float32');
}

/** Too small to be worth rounding. */
function small(graph: OnnxGraph, name: string, weight: Weight): Value {
  return graph.inFloats('float32', () => graph.weight(name, weight));
}
