import { CLIP_FRAMES, CLIP_SIZE } from '@styleflow/contracts';
import {
  AttributeProtoSchema,
  AttributeProto_AttributeType as AttributeType,
  create,
  TensorProto_DataType as DataType,
  framePieces,
  GraphProtoSchema,
  NodeProtoSchema,
  OnnxGraph,
  type Piece,
  toBinary,
  type Value,
  ValueInfoProtoSchema,
} from '@styleflow/onnx';
import { activationBytesPerClip } from '../bundle/activation-bytes.js';
import { adaptClips, type RunPlan } from './adapt-clips.js';
import type { ClipDescriptor } from './clip-descriptor.js';
import type { PreparedModel } from './prepare-model.js';
import { readLogit } from './read-logit.js';
import { castNode, describeFloats, foreignGraph, tensorType, wrapModel } from './wrap-model.js';

// Field numbers of the ONNX schema that are framed by hand, so that weights stream past.
const GRAPH_NODE = 1;
const NODE_ATTRIBUTE = 5;
const ATTRIBUTE_GRAPH = 6;

/**
 * Names of the values that join the graphs when the model runs in turn. They meet none of our other names, which hold
 * no slash, or none of these words.
 */
const RUNS_IN = 'runs/in';
const RUNS_OUT = 'runs/out';
const RUN_OUT = 'run/out';
const ALL = 'run/all';

/** A graph of a bundle around a foreign model, ready to be written. */
export interface ComposedModel {
  readonly pieces: readonly Piece[];
  /** The memory of the adapter's own values for one clip. */
  readonly adapterBytesPerClip: number;
}

/**
 * Puts a foreign model between our nodes: `clips` uint8 [B, 32, 256, 256, 3] → its input; its output → `logit` float32
 * [B]. With `asProbe` the output is instead `raw`, the model's own output as float32. For runs in turn the whole model
 * becomes the body of a Scan.
 */
export async function composeModel(
  model: PreparedModel,
  descriptor: ClipDescriptor,
  plan: RunPlan,
  { asProbe }: { readonly asProbe: boolean },
): Promise<ComposedModel> {
  const { ports, opset } = model;
  const ours = new OnnxGraph('styleflow-custom');
  const clips = ours.input('clips', 'uint8', ['B', CLIP_FRAMES, CLIP_SIZE, CLIP_SIZE, 3]);
  const pictures = ours.within('pictures', () => adaptClips(ours, clips, descriptor, plan));
  const before = ours.nodes.length;
  const inTurn = plan.mode === 'in-turn';
  const raw: Value = { name: 'raw', type: 'float32', shape: ['numbers'] };
  const bridgeOut = castNode(inTurn ? RUNS_OUT : ports.output.name, raw.name, DataType.FLOAT);
  if (asProbe) ours.outputs.push(describeFloats(raw.name));
  else
    ours.output(
      'logit',
      ours.within('score', () => readLogit(ours, raw, descriptor, opset)),
    );
  const bridgeIn = castNode(pictures.name, inTurn ? RUNS_IN : ports.input.name, ports.inputType);
  const first = [...ours.nodes.slice(0, before), bridgeIn];
  const last = [bridgeOut, ...ours.nodes.slice(before)];
  const body = inTurn ? scanOver(model) : foreignGraph(model, model.graph.node);
  const pieces = await wrapModel(model, ours, { first, body, last });
  return { pieces, adapterBytesPerClip: activationBytesPerClip(ours) };
}

/** The node that runs the model over the first axis of its input and stacks its flattened outputs. */
function scanOver(model: PreparedModel): Piece[] {
  const { input, output } = model.ports;
  // ONNX Runtime must know how many axes the output of a body has. Models do not always say it, so the output is
  // flattened.
  const flat = create(NodeProtoSchema, {
    opType: 'Reshape',
    name: RUN_OUT,
    input: [output.name, ALL],
    output: [RUN_OUT],
  });
  const elemType = output.type?.value.case === 'tensorType' ? output.type.value.value.elemType : DataType.UNDEFINED;
  const outline = create(GraphProtoSchema, {
    name: 'model',
    input: [input],
    output: [create(ValueInfoProtoSchema, { name: RUN_OUT, type: tensorType(elemType, ['numbers']) })],
    initializer: [{ name: ALL, dataType: DataType.INT64, dims: [1n], int64Data: [-1n] }],
  });
  const body = [toBinary(GraphProtoSchema, outline), ...foreignGraph(model, [...model.graph.node, flat])];
  const node = create(NodeProtoSchema, {
    opType: 'Scan',
    name: 'runs/Scan',
    input: [RUNS_IN],
    output: [RUNS_OUT],
    attribute: [create(AttributeProtoSchema, { name: 'num_scan_inputs', type: AttributeType.INT, i: 1n })],
  });
  const attribute = create(AttributeProtoSchema, { name: 'body', type: AttributeType.GRAPH });
  const bodyField = framePieces(NODE_ATTRIBUTE, [
    toBinary(AttributeProtoSchema, attribute),
    ...framePieces(ATTRIBUTE_GRAPH, body),
  ]);
  return framePieces(GRAPH_NODE, [toBinary(NodeProtoSchema, node), ...bodyField]);
}
