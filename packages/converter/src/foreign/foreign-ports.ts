import { checkpointError, printShape } from '@styleflow/files';
import { TensorProto_DataType as DataType, type OnnxModel, type ValueInfoProto } from '@styleflow/onnx';
import type { RunPlan } from './adapt-clips.js';
import type { ClipDescriptor } from './clip-descriptor.js';
import { AXIS_WORDS, axisLength } from './frame-layout.js';

/** The input and the output by which a foreign model is joined to our nodes. */
export interface ForeignPorts {
  readonly input: ValueInfoProto;
  readonly output: ValueInfoProto;
  /** ONNX's code of the input's element type. */
  readonly inputType: number;
  /** What the model declares and what the descriptor says, for messages. */
  readonly fit: string;
  /** The ways in which the model may be run, in the order in which they are tried. */
  readonly plans: readonly RunPlan[];
}

const INPUT_TYPES: ReadonlyMap<number, string> = new Map([
  [DataType.FLOAT, 'float32'],
  [DataType.FLOAT16, 'float16'],
  [DataType.DOUBLE, 'float64'],
  [DataType.UINT8, 'uint8'],
]);

/**
 * Finds the input and the output that the descriptor means, and compares what the model declares of them with the
 * descriptor.
 * @throws JobError `invalid_request` that says what the model wants and what the descriptor says.
 */
export function findPorts(model: OnnxModel, descriptor: ClipDescriptor): ForeignPorts {
  const { input, inputType } = findInput(model, descriptor.input);
  const output = choose(model.graph.output, 'output', descriptor.output.name, 'output.name');
  checkScale(input, inputType, descriptor);
  const { layout, frames, size } = descriptor;
  const lengths = layout.axes.map((axis) => axisLength(axis, frames.count, size));
  const given = printShape([...(layout.hasBatch ? ['N'] : []), ...lengths]);
  const fit = `the model's input is ${describeValue(input)}, the descriptor's layout ${layout.text} gives ${given}`;
  return { input, output, inputType, fit, plans: plansFor(input, descriptor, lengths, fit) };
}

/**
 * The input that takes the pictures; a model must have only this one.
 * @throws JobError `invalid_request` when there are several, none of the name, or of a type that holds no pictures.
 */
export function findInput(
  model: OnnxModel,
  name: string | undefined,
): { readonly input: ValueInfoProto; readonly inputType: number } {
  const constants = new Set(model.initializers.map((initializer) => initializer.name));
  // Up to IR version 3 the inputs list the weights, too.
  const inputs = model.graph.input.filter((each) => !constants.has(each.name));
  const input = choose(inputs, 'input', name);
  const others = inputs.filter((other) => other !== input);
  if (others.length > 0) {
    throw checkpointError(
      `the model needs more than the pictures: ${others.map(describeValue).join(', ')}; export it with these as constants`,
    );
  }
  const inputType = input.type?.value.case === 'tensorType' ? input.type.value.value.elemType : 0;
  if (!INPUT_TYPES.has(inputType)) {
    throw checkpointError(
      `the model's input is ${describeValue(input)}; allowed: tensors of ${[...INPUT_TYPES.values()].join(', ')}`,
    );
  }
  return { input, inputType };
}

function choose(
  values: readonly ValueInfoProto[],
  kind: 'input' | 'output',
  wanted: string | undefined,
  field: string = kind,
): ValueInfoProto {
  const list = values.map(describeValue).join(', ') || 'none';
  const [only] = values;
  if (wanted === undefined) {
    if (only && values.length === 1) return only;
    throw checkpointError(
      `the model has ${values.length} ${kind}s (${list}): the descriptor must name one in \`${field}\``,
    );
  }
  const found = values.find(({ name }) => name === wanted);
  if (!found) throw checkpointError(`${field}: the model has no ${kind} "${wanted}", it has ${list}`);
  return found;
}

/**
 * Refuses a normalisation of bytes, which cannot hold its results.
 * @throws JobError `invalid_request`
 */
export function checkScale(
  input: ValueInfoProto,
  type: number,
  { scale, mean, std }: Pick<ClipDescriptor, 'scale' | 'mean' | 'std'>,
): void {
  const isPlain = scale === '0..255' && mean.every((value) => value === 0) && std.every((value) => value === 1);
  if (type === DataType.UINT8 && !isPlain) {
    throw checkpointError(
      `the model takes bytes (${describeValue(input)}): scale must be "0..255", without mean and std`,
    );
  }
}

function plansFor(
  input: ValueInfoProto,
  { layout, frames }: ClipDescriptor,
  lengths: readonly number[],
  fit: string,
): readonly RunPlan[] {
  const declared = declaredDims(input);
  if (declared && declared.length !== lengths.length + (layout.hasBatch ? 1 : 0)) {
    throw checkpointError(`${fit}: layout does not fit`);
  }
  for (const [index, axis] of layout.axes.entries()) {
    const [wants, gets] = [declared?.[index + (layout.hasBatch ? 1 : 0)], lengths[index]];
    if (typeof wants !== 'number' || wants === gets) continue;
    throw checkpointError(`${fit}: ${AXIS_WORDS[axis]} must be ${wants}, not ${gets} (layout, frames or size)`);
  }
  if (!layout.hasBatch) return [{ mode: 'in-turn', rowsPerRun: null }];
  const rows = declared?.[0];
  // The batch is declared free, but a node inside may fix it. The second plan then runs one picture or clip after the
  // other.
  if (typeof rows !== 'number') {
    return [
      { mode: 'together', rowsPerRun: null },
      { mode: 'in-turn', rowsPerRun: 1 },
    ];
  }
  if (layout.isPerFrame ? frames.count % rows !== 0 : rows !== 1) {
    const allowed = layout.isPerFrame ? `a divisor of the ${frames.count} frames` : '1 or dynamic';
    throw checkpointError(`${fit}: its batch is fixed to ${rows}; allowed: ${allowed}`);
  }
  return [{ mode: 'in-turn', rowsPerRun: rows }];
}

/**
 * The declared lengths: numbers where they are fixed, names where they are free. Undefined when nothing is declared.
 */
export function declaredDims({ type }: ValueInfoProto): (number | string)[] | undefined {
  if (type?.value.case !== 'tensorType') return undefined;
  return type.value.value.shape?.dim.map(({ value }) => {
    if (value.case === 'dimValue' && value.value > 0n) return Number(value.value);
    return value.case === 'dimParam' && value.value !== '' ? value.value : '?';
  });
}

/** Describes a value for messages: `"x" float32 [N, 3, 224, 224]`. */
export function describeValue(value: ValueInfoProto): string {
  const tensor = value.type?.value.case === 'tensorType' ? value.type.value.value : undefined;
  if (!tensor) return `"${value.name}" (${value.type?.value.case ?? 'of no type'})`;
  const type =
    INPUT_TYPES.get(tensor.elemType) ?? (DataType[tensor.elemType] ?? `type ${tensor.elemType}`).toLowerCase();
  const dims = declaredDims(value);
  return `"${value.name}" ${type}${dims ? ` ${printShape(dims)}` : ''}`;
}
