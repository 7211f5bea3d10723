import type { ExpectedShape, RoleTensors, Stretch } from '@styleflow/checkpoints';
import type { JobError } from '@styleflow/contracts';
import type { Weight } from '@styleflow/files';
import { conv2d, layerNorm, lengthOf, linear, type OnnxGraph, type Value } from '@styleflow/onnx';
import { affineOf, foldNorm, NORM_EPSILON } from './batch-norm.js';

/** A convolution of [N, C, H, W] by a square kernel, padded on all sides so that a stride of 1 keeps the picture's size. */
interface ConvForm {
  readonly kernel: number;
  /** Channels that come out; by default as many as the checkpoint has. */
  readonly out?: number | '*';
  readonly stride?: number;
  readonly group?: number;
}

/** A convolution without bias with the batch norm behind it: where the two lie below the scope. */
interface NormedConvForm extends ConvForm {
  readonly conv: string;
  readonly norm: string;
}

/**
 * A place in a network that is being written: the graph that layers are added to, and the tensors below one path of the
 * checkpoint. `net.at('branch2').at('a').conv(x, …)` takes the weight `branch2.a.weight`, checks its shape, and gives
 * it that name in the graph. All throw JobError `invalid_request` for a tensor that is missing or does not fit.
 */
export class NetworkScope {
  readonly graph: OnnxGraph;
  readonly #tensors: RoleTensors;
  /** Empty at the top of the network. */
  readonly #path: string;

  constructor(graph: OnnxGraph, tensors: RoleTensors, path = '') {
    this.graph = graph;
    this.#tensors = tensors;
    this.#path = path;
  }

  /** The place further down: `path` as the checkpoint writes it, with dots. */
  at(path: string): NetworkScope {
    return new NetworkScope(this.graph, this.#tensors, this.#nameOf(path));
  }

  has(part: string): boolean {
    return this.#tensors.has(this.#nameOf(part));
  }

  /** Shape of a tensor here, checked. */
  shape(part: string, expected: ExpectedShape): readonly number[] {
    return this.#tensors.shape(this.#nameOf(part), expected);
  }

  /** A tensor here, as it is or under another shape, which no graph has yet. */
  tensor(part: string, expected: ExpectedShape, as?: readonly number[]): Weight {
    return this.#tensors.weight(this.#nameOf(part), expected, as);
  }

  /** Stretches of tensors here, one after the other, which no graph has yet. */
  assembled(shape: readonly number[], stretches: readonly Stretch[]): Weight {
    return this.#tensors.assembled(
      shape,
      stretches.map((stretch) => ({ ...stretch, name: this.#nameOf(stretch.name) })),
    );
  }

  /** Adds what was computed of tensors here to the graph, under a name here. */
  add(part: string, weight: Weight): Value {
    return this.graph.weight(this.#nameOf(part), weight);
  }

  /** Adds a tensor to the graph, as it is or under another shape. */
  weight(part: string, expected: ExpectedShape, as?: readonly number[]): Value {
    return this.add(part, this.tensor(part, expected, as));
  }

  /** A convolution with `weight` and, unless left out, `bias`. */
  conv(x: Value, form: ConvForm & { readonly bias?: boolean }): Value {
    return this.convolution(lengthOf(x, 1), form)(x);
  }

  /** The same for `channels` that come in: its weights are added now, it is applied as often as one likes. */
  convolution(channels: number, { bias = true, ...form }: ConvForm & { readonly bias?: boolean }): (x: Value) => Value {
    const { graph } = this;
    const shape = this.#kernelShape('weight', channels, form);
    const weight = this.weight('weight', shape);
    const biases = bias ? this.weight('bias', [shape[0]]) : null;
    return (x) => conv2d(graph, x, weight, biases, windowOf(form));
  }

  /** A convolution and the batch norm behind it, as one. */
  normedConv(x: Value, { conv, norm, ...form }: NormedConvForm): Value {
    const shape = this.#kernelShape(`${conv}.weight`, lengthOf(x, 1), form);
    const { weight, bias } = this.folded({ conv, norm, shape });
    return conv2d(this.graph, x, weight, bias, windowOf(form));
  }

  /** Weight and bias of a convolution with the batch norm behind it folded into it; `as`: the weight under another shape. */
  folded(form: {
    readonly conv: string;
    readonly norm: string;
    readonly shape: readonly number[];
    readonly as?: readonly number[];
  }): { readonly weight: Value; readonly bias: Value } {
    const { conv, norm, shape, as } = form;
    const convolution = this.#nameOf(`${conv}.weight`);
    const folded = foldNorm(this.#tensors, { convolution, norm: this.#nameOf(norm), shape, ...(as && { as }) });
    return { weight: this.add(`${conv}.weight`, folded.weight), bias: this.add(`${conv}.bias`, folded.bias) };
  }

  /** The values of a linear layer's `weight` [out, in] as [in, out], optionally scaled. */
  transposed(part: string, expected: readonly [number, number], scale = 1): Value {
    return this.add(part, this.#tensors.transposed(this.#nameOf(part), expected, scale));
  }

  /** A linear layer over the last axis; its weight times `scale`. */
  dense(x: Value, out: number, scale = 1): Value {
    const weight = this.transposed('weight', [out, lengthOf(x, x.shape.length - 1)], scale);
    return linear(this.graph, x, weight, this.weight('bias', [out]));
  }

  /** Layer normalisation over the last axis. */
  layerNorm(x: Value): Value {
    const width = lengthOf(x, x.shape.length - 1);
    return layerNorm(this.graph, x, this.weight('weight', [width]), this.weight('bias', [width]), NORM_EPSILON);
  }

  /** The batch norm here as factor and summand, each of the shape given; no graph has them yet. */
  affine(shape: readonly number[]): { readonly scale: Weight; readonly shift: Weight } {
    return affineOf(this.#tensors, this.#path, shape);
  }

  /** For what a shape alone does not show: the tensor's name as it stands in the file, then `why`. */
  refusal(part: string, why: (name: string) => string): JobError {
    return this.#tensors.refusal(why(this.#tensors.fullName(this.#nameOf(part))));
  }

  #kernelShape(part: string, channels: number, { kernel, out = '*', group = 1 }: ConvForm) {
    const perGroup = channels / group;
    const [width = 0] = this.shape(part, [out, perGroup, kernel, kernel]);
    return [width, perGroup, kernel, kernel] as const;
  }

  #nameOf(part: string): string {
    return this.#path === '' ? part : `${this.#path}.${part}`;
  }
}

function windowOf({ kernel, stride = 1, group = 1 }: ConvForm) {
  const pad = Math.floor(kernel / 2);
  return { stride: [stride, stride], pad: [pad, pad], group } as const;
}
