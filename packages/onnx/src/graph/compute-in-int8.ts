import { create } from '@bufbuild/protobuf';
import { elementCount, type Weight, weightOf } from '@styleflow/files';
import { type AttributeProto, type NodeProto, NodeProtoSchema } from 'onnx-buf';
import { findInt8Layers, type Int8Layers, movedInputs } from './int8-layers.js';
import { type ByteSteps, byteSteps, type Range, stepBias, stepWeights, type WeightBits } from './int8-steps.js';
import {
  type ElementType,
  type Initializer,
  type Integers,
  type OnnxGraph,
  RUNTIME_DOMAIN,
  type Value,
} from './onnx-graph.js';

/** Which layers of a graph compute in whole numbers, and how. */
export interface Int8Plan {
  /** Whether the convolution with this weight does. Sums of two of their results do, too. */
  readonly convolutions: (weight: string) => boolean;
  /** The range of a layer's values; see `findInt8Layers`. */
  readonly rangeOf: (layer: string) => Range;
  readonly weightBits: WeightBits;
}

/**
 * Rewrites a float32 graph so that the convolutions of the plan, sums of their results, and what lies between, compute in
 * bytes with int8 weights, one step for each output channel (QLinearConv, and QLinearAdd of the runtime's own domain).
 * Activations are unsigned and weights signed, which is the pair that has quick kernels on x86. Rectifiers vanish: they
 * are the lower end of a range. Names of values stay, so that each can be found in both graphs.
 * @throws RangeError when a range is missing.
 */
export async function computeInInt8(graph: OnnxGraph, plan: Int8Plan): Promise<void> {
  const rewriting = new Rewriting(graph, plan);
  for (const node of graph.nodes.splice(0)) await rewriting.take(node);
  rewriting.end();
}

class Rewriting {
  readonly #graph: OnnxGraph;
  readonly #plan: Int8Plan;
  readonly #values: Map<string, Value>;
  readonly #initializers: Map<string, Initializer>;
  readonly #layers: Int8Layers;
  /** Steps of the values that are bytes now, by the name of the bytes. */
  readonly #steps = new Map<string, ByteSteps>();
  /** Names of the bytes of a value that others read as floats, too. */
  readonly #bytesOf = new Map<string, string>();
  readonly #floatsOf = new Map<string, string>();
  /** Results that a node in bytes has given already: their rectifiers vanish. */
  readonly #given = new Set<string>();

  constructor(graph: OnnxGraph, plan: Int8Plan) {
    this.#graph = graph;
    this.#plan = plan;
    this.#values = new Map(graph.values.map((value) => [value.name, value]));
    this.#initializers = new Map(graph.initializers.map((each) => [each.name, each]));
    this.#layers = findInt8Layers(graph, plan.convolutions);
  }

  async take(node: NodeProto): Promise<void> {
    const [first = '', second = ''] = node.input;
    const [output = ''] = node.output;
    if (node.opType === 'Relu' && this.#given.has(output)) return;
    if (node.opType === 'Conv' && this.#plan.convolutions(second)) return this.#convolve(node);
    const [left, right] = [this.#bytesOf.get(first), this.#bytesOf.get(second)];
    if (node.opType === 'Add' && left !== undefined && right !== undefined) return this.#add(node, left, right);
    if (this.#move(node)) return;
    node.input = node.input.map((name) => this.#asFloats(name));
    this.#graph.nodes.push(node);
    for (const name of node.output) if (this.#layers.roots.has(name)) this.#asBytes(name);
  }

  /** Lets a node that moves numbers move bytes. @returns false when they are not all bytes of the same steps. */
  #move(node: NodeProto): boolean {
    const moved = movedInputs(node);
    const bytes = moved.map((name) => this.#bytesOf.get(name));
    const [first] = bytes;
    if (first === undefined) return false;
    const steps = this.#stepsOf(first);
    const isSame = (name: string | undefined): boolean => {
      const other = name === undefined ? undefined : this.#stepsOf(name);
      return other?.step === steps.step && other.zero === steps.zero;
    };
    if (!bytes.every(isSame)) return false;
    node.input = node.input.map((name, at) => bytes[at] ?? name);
    this.#graph.nodes.push(node);
    const [output = ''] = node.output;
    this.#become(output, output, steps);
    return true;
  }

  /** Leaves in the graph only what its nodes still read or give. */
  end(): void {
    const { graph, values, initializers } = {
      graph: this.#graph,
      values: this.#values,
      initializers: this.#initializers,
    };
    const named = new Set([...graph.inputs.map(({ name }) => name), ...graph.nodes.flatMap(({ output }) => output)]);
    const read = new Set(graph.nodes.flatMap(({ input }) => input));
    graph.values.splice(0, Number.POSITIVE_INFINITY, ...[...values.values()].filter(({ name }) => named.has(name)));
    const kept = [...initializers.values()].filter(({ name }) => read.has(name));
    graph.initializers.splice(0, Number.POSITIVE_INFINITY, ...kept);
  }

  async #convolve(node: NodeProto): Promise<void> {
    const [x = '', weight = '', bias = ''] = node.input;
    const input = this.#asBytes(x);
    const from = this.#stepsOf(input);
    await this.#storeWeights(weight, bias, from);
    const result = this.#layers.resultOf(node.output[0] ?? '');
    const to = this.#newSteps(result);
    const weights = Object.values(this.#weightNames(weight, bias, from));
    const inputs = [input, ...this.#storeSteps(from), ...weights, ...this.#storeSteps(to), this.#biasName(bias, from)];
    this.#push('QLinearConv', { node, inputs, result, attributes: node.attribute });
    this.#become(result, result, to);
  }

  #add(node: NodeProto, left: string, right: string): void {
    const result = this.#layers.resultOf(node.output[0] ?? '');
    const to = this.#newSteps(result);
    const summands = [left, right].flatMap((name) => [name, ...this.#storeSteps(this.#stepsOf(name))]);
    const inputs = [...summands, ...this.#storeSteps(to)];
    this.#push('QLinearAdd', { node, inputs, result, domain: RUNTIME_DOMAIN });
    this.#become(result, result, to);
  }

  #push(
    opType: string,
    written: {
      readonly node: NodeProto;
      readonly inputs: readonly string[];
      readonly result: string;
      readonly attributes?: AttributeProto[];
      readonly domain?: string;
    },
  ): void {
    const { node, inputs, result, attributes = [], domain = '' } = written;
    this.#graph.nodes.push(
      create(NodeProtoSchema, {
        ...{ opType, domain, name: node.name, input: [...inputs], output: [result], attribute: attributes },
      }),
    );
    this.#given.add(result);
  }

  /** The value `name` is bytes from now on, under the name `bytes`. */
  #become(name: string, bytes: string, steps: ByteSteps): void {
    const value = this.#values.get(name);
    if (!value) throw new RangeError(`${name} is no value of the graph`);
    this.#values.set(bytes, { ...value, name: bytes, type: 'uint8' });
    this.#bytesOf.set(name, bytes);
    this.#steps.set(bytes, steps);
  }

  /** The name of the bytes of a value. One that still is floats is rounded to them. */
  #asBytes(name: string): string {
    const known = this.#bytesOf.get(name);
    if (known !== undefined) return known;
    const steps = this.#newSteps(name);
    const bytes = `${name}/bytes`;
    const input = [name, ...this.#storeSteps(steps)];
    this.#graph.nodes.push(create(NodeProtoSchema, { opType: 'QuantizeLinear', name: bytes, input, output: [bytes] }));
    this.#become(name, bytes, steps);
    return bytes;
  }

  /** The name of the floats of a value. One that is bytes alone is multiplied out. */
  #asFloats(name: string): string {
    if (this.#bytesOf.get(name) !== name) return name;
    const known = this.#floatsOf.get(name);
    if (known !== undefined) return known;
    const value = this.#values.get(name);
    const floats = `${name}/floats`;
    if (value) this.#values.set(floats, { ...value, name: floats, type: 'float32' });
    const input = [name, ...this.#storeSteps(this.#stepsOf(name))];
    this.#graph.nodes.push(
      create(NodeProtoSchema, { opType: 'DequantizeLinear', name: floats, input, output: [floats] }),
    );
    this.#floatsOf.set(name, floats);
    return floats;
  }

  #newSteps(value: string): ByteSteps {
    const layer = this.#layers.layerOf.get(value);
    if (layer === undefined) throw new RangeError(`${value} belongs to no layer`);
    return byteSteps(this.#plan.rangeOf(layer));
  }

  #stepsOf(bytes: string): ByteSteps {
    const steps = this.#steps.get(bytes);
    if (!steps) throw new RangeError(`${bytes} has no steps`);
    return steps;
  }

  async #storeWeights(weight: string, bias: string, from: ByteSteps): Promise<void> {
    const names = this.#weightNames(weight, bias, from);
    if (this.#initializers.has(names.values)) return;
    const stored = this.#initializer(weight);
    const [channels = 0] = stored.shape;
    const biases = await floatsOf(this.#initializer(bias));
    const { values, steps } = stepWeights(await floatsOf(stored), biases, from, this.#plan.weightBits);
    this.#store(names.values, 'int8', stored.shape, values);
    this.#initializers.set(names.steps, {
      ...{ name: names.steps, type: 'float32', shape: [channels], weight: weightOf([channels], steps) },
    });
    this.#store(names.zeros, 'int8', [channels], new Int8Array(channels));
    this.#store(this.#biasName(bias, from), 'int32', [channels], stepBias(biases, from, steps));
  }

  /** Weights leave room for their bias, which counts in steps of the input. Several inputs may share the layer. */
  #weightNames(
    weight: string,
    bias: string,
    { step }: ByteSteps,
  ): Readonly<Record<'values' | 'steps' | 'zeros', string>> {
    const name = `${weight}/${bias}/${step}`;
    return { values: `${name}/int8`, steps: `${name}/steps`, zeros: `${weight}/zeros` };
  }

  #biasName(bias: string, { step }: ByteSteps): string {
    return `${bias}/int32/${step}`;
  }

  /** Names of a step and of the byte that means 0. Equal ones are stored once. */
  #storeSteps({ step, zero }: ByteSteps): readonly [string, string] {
    const names = [`step/${step}`, `zero/${zero}`] as const;
    this.#initializers.set(names[0], { name: names[0], type: 'float32', shape: [], weight: weightOf([], [step]) });
    this.#store(names[1], 'uint8', [], Uint8Array.of(zero));
    return names;
  }

  #store(name: string, type: ElementType, shape: readonly number[], weight: Integers): void {
    this.#initializers.set(name, { name, type, shape, weight });
  }

  #initializer(name: string): Initializer {
    const found = this.#initializers.get(name);
    if (!found) throw new RangeError(`${name} is no weight of the graph`);
    return found;
  }
}

async function floatsOf({ name, weight, shape }: Initializer): Promise<Float32Array> {
  if (ArrayBuffer.isView(weight)) throw new RangeError(`${name} holds whole numbers`);
  const floats = new Float32Array(elementCount(shape));
  let at = 0;
  for await (const piece of (weight satisfies Weight).pieces()) {
    floats.set(piece, at);
    at += piece.length;
  }
  return floats;
}
