import { checkpointError, printShape } from '@styleflow/files';
import type { OnnxModel, ValueInfoProto } from '@styleflow/onnx';
import { checkScale, declaredDims, describeValue, findInput } from '../foreign/foreign-ports.js';
import { type DetectorDescriptor, FAMILY_ROLES, type HeadRole } from './detector-descriptor.js';

/** The size of what the network sees: [height, width], or each frame's own. */
export type SeenSize = readonly [number, number] | 'native';

/** One output of the model, and its meaning. */
export interface DetectorHead {
  readonly role: HeadRole;
  readonly stride: number;
  /** The output's description. Its name changes when the model's names get their prefix. */
  readonly output: ValueInfoProto;
  /** The name that the model's author gave it, for messages. */
  readonly givenName: string;
}

/** The inputs and outputs by which a foreign detector is joined to our nodes. */
export interface DetectorPorts {
  readonly input: ValueInfoProto;
  /** ONNX's code of the input's element type. */
  readonly inputType: number;
  readonly size: SeenSize;
  readonly heads: readonly DetectorHead[];
  /** What the model declares and what the descriptor says, for messages. */
  readonly fit: string;
}

/** The size where neither the model nor the descriptor gives one. */
const USUAL_SIZE = [640, 640] as const;
/** YuNet's names for its outputs. SCRFD's names are numbers, so there the order decides. */
const YUNET_PREFIXES: Readonly<Record<HeadRole, string>> = {
  scores: 'cls',
  objectness: 'obj',
  boxes: 'bbox',
  points: 'kps',
};

/**
 * Finds the input and the outputs of a detector, and compares what the model declares of them with the descriptor.
 * @throws JobError `invalid_request` that says what the model has and what the descriptor expects.
 */
export function findDetectorPorts(model: OnnxModel, descriptor: DetectorDescriptor): DetectorPorts {
  const { input, inputType } = findInput(model, descriptor.input);
  checkScale(input, inputType, descriptor);
  const found = `the model's input is ${describeValue(input)}`;
  const dims = declaredDims(input) ?? ['N', 3, 'H', 'W'];
  const [batch, channels, ...sides] = dims;
  const isPicture = dims.length === 4 && isFreeOr(1, batch) && isFreeOr(3, channels);
  if (!isPicture) throw checkpointError(`${found}; allowed: one picture, [1, 3, height, width]`);
  const size = sizeOf(descriptor, sides, found);
  const given = size === 'native' ? ['height', 'width'] : size;
  return {
    input,
    inputType,
    size,
    heads: findHeads(model.graph.output, descriptor),
    fit: `${found}, the descriptor gives ${printShape([1, 3, ...given])}`,
  };
}

function isFreeOr(length: number, dim: number | string | undefined): boolean {
  return dim === length || typeof dim === 'string';
}

/** The descriptor's size if it gives one, else the model's, else the usual one. */
function sizeOf(
  { size, strides }: DetectorDescriptor,
  declared: readonly (number | string)[],
  found: string,
): SeenSize {
  const fixed = declared.map((side) => (typeof side === 'number' ? side : undefined));
  if (size === 'native') {
    if (fixed.every((side) => side === undefined)) return size;
    throw checkpointError(`${found}: its size is fixed, so size cannot be "native"`);
  }
  const [height, width] = size ?? [fixed[0] ?? USUAL_SIZE[0], fixed[1] ?? USUAL_SIZE[1]];
  if (!isFreeOr(height, declared[0]) || !isFreeOr(width, declared[1])) {
    throw checkpointError(`${found}: size must be ${printShape(declared)}, not ${printShape([height, width])}`);
  }
  const unit = Math.max(...strides);
  if (height % unit === 0 && width % unit === 0) return [height, width];
  throw checkpointError(`${found}: height and width must be multiples of the largest stride (${unit})`);
}

function findHeads(outputs: readonly ValueInfoProto[], descriptor: DetectorDescriptor): DetectorHead[] {
  const { family, strides } = descriptor;
  const roles = FAMILY_ROLES[family];
  const listed = outputs.map(describeValue).join(', ') || 'none';
  const places = roles.flatMap((role) => strides.map((stride, at) => ({ role, stride, at })));
  const wanted = `${places.length}: ${roles.map((role) => `${role} of strides ${strides.join(', ')}`).join(', then ')}`;
  const named = (name: string) => outputs.find((output) => output.name === name);
  const heads = places.map(({ role, stride, at }, place): DetectorHead => {
    const given = descriptor.outputs[role]?.[at];
    const byFamily = family === 'yunet' ? `${YUNET_PREFIXES[role]}_${stride}` : undefined;
    const name = given ?? byFamily;
    const output = name === undefined ? outputs[place] : named(name);
    if (output && (name !== undefined || outputs.length === places.length)) {
      return { role, stride, output, givenName: output.name };
    }
    if (given !== undefined) {
      throw checkpointError(`outputs.${role}: the model has no output "${given}", it has ${listed}`);
    }
    const reason = byFamily === undefined ? '' : ` (no "${byFamily}")`;
    throw checkpointError(
      `the model has ${outputs.length} outputs: ${listed}; the family ${family} expects ${wanted}${reason}${hint(outputs.length, places.length - strides.length)}; other names or another order are told in \`outputs\``,
    );
  });
  const twice = heads.find((head, at) => heads.findIndex((other) => other.output === head.output) !== at);
  if (twice) throw checkpointError(`outputs: "${twice.givenName}" is named twice`);
  return heads;
}

function hint(found: number, withoutPoints: number): string {
  return found === withoutPoints ? ' (a model without points cannot serve: faces are aligned by them)' : '';
}
