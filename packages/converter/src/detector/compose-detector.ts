import { TensorProto_DataType as DataType, OnnxGraph, type Piece } from '@styleflow/onnx';
import type { PreparedModel } from '../foreign/prepare-model.js';
import { castNode, describeFloats, foreignGraph, wrapModel } from '../foreign/wrap-model.js';
import { adaptFrame } from './adapt-frame.js';
import type { DetectorDescriptor } from './detector-descriptor.js';
import type { DetectorHead, DetectorPorts } from './detector-ports.js';

/** The name of a head among the outputs of the composed graph. The faces package reads outputs by these names. */
export function headName({ role, stride }: Pick<DetectorHead, 'role' | 'stride'>): string {
  return `${role}_${stride}`;
}

/**
 * Composes a foreign detector with our nodes: `pictures` uint8 [1, H, W, 3] RGB → its input. Its outputs, as float32,
 * are named by role and stride (`scores_8`, `boxes_8`, `points_8`, for YuNet also `objectness_8`) and are otherwise
 * unchanged.
 */
export async function composeDetector(
  model: PreparedModel<DetectorPorts>,
  descriptor: DetectorDescriptor,
): Promise<readonly Piece[]> {
  const { input, inputType, size, heads } = model.ports;
  const ours = new OnnxGraph('styleflow-detector');
  const pictures = ours.input('pictures', 'uint8', [1, 'H', 'W', 3]);
  const seen = ours.within('frame', () => adaptFrame(ours, pictures, descriptor, size, model.opset));
  for (const head of heads) ours.outputs.push(describeFloats(headName(head)));
  return wrapModel(model, ours, {
    first: [...ours.nodes, castNode(seen.name, input.name, inputType)],
    body: foreignGraph(model, model.graph.node),
    last: heads.map((head) => castNode(head.output.name, headName(head), DataType.FLOAT)),
  });
}
