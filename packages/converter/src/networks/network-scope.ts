import type { ExpectedShape, RoleTensors, Stretch } from '@styleflow/checkpoints';
import type { JobError } from '@styleflow/contracts';
import type { Weight } from '@styleflow/files';
import { conv2d, layerNorm, lengthOf, linear, type OnnxGraph, type Value } from '@styleflow/onnx';
import { affineOf, foldNorm, NORM_EPSILON } from './batch-norm.js';

/**
 * A convolution of [N, C, H, W] by a square kernel. It is padded on all sides, so that a stride of 1 keeps the size.
 */
interface ConvForm {
  readonly kernel: number;
  /** Output channels; by default as many as the checkpoint has. */
  readonly out?: number | '*';
  readonly stride?: number;
  readonly group?: number;
}

/** A convolution without bias and the batch norm behind it, by the names of both below the scope. */
interface NormedConvForm extends ConvForm {
  readonly conv: string;
  readonly norm: string;
}

/**
 * A place in a network that is being written: the graph to which layers are added, and the tensors below one path of
 * the checkpoint. `net.at('branch2').at('a').conv(x, …)` takes the weight `branch2.a.weight`, checks its shape, and
 * uses that name in the graph. All methods throw JobError `invalid_request` for a tensor that is missing or does not
 * fit.
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

  /** A place further down. `path` is written with dots, as in the checkpoint. */
  at(path: string): NetworkScope {
    return new NetworkScope(this.graph, this.#tensors, this.#nameOf(path));
  }

  has(part: string): boolean {
    return this.#tensors.has(this.#nameOf(part));
  }

  /** The shape of a tensor at this place, checked. */
  shape(part: string, expected: ExpectedShape): readonly number[] {
    return this.#tensors.shape(this.#nameOf(part), expected);
  }

  /** A tensor at this place, in its own shape or in `as`. It is not added to the graph. */
  tensor(part: string, expected: ExpectedShape, as?: readonly number[]): Weight {
    return this.#tensors.weight(this.#nameOf(part), expected, as);
  }

  /** Stretches of tensors at this place, one after the other. They are not added to the graph. */
  assembled(shape: readonly number[], stretches: readonly Stretch[]): Weight {
    return this.#tensors.assembled(
      shape,
      stretches.map((stretch) => ({ ...stretch, name: this.#nameOf(stretch.name) })),
    );
  }

  /** Adds values that were computed from tensors at this place to the graph, under a name below this place. */
  add(part: string, weight: Weight): Value {
    return this.graph.weight(this.#nameOf(part), weight);
  }

  /** Adds a tensor to the graph, in its own shape or in `as`. */
  weight(part: string, expected: ExpectedShape, as?: readonly number[]): Value {
    return this.add(part, this.tensor(part, expected, as));
  }

  /** A convolution with `weight` and, unless left out, `bias`. */
  conv(x: Value, form: ConvForm & { readonly bias?: boolean }): Value {
    return this.convolution(lengthOf(x, 1), form)(x);
  }

  /**
   * A convolution that can be applied several times. Its weights, for `channels` input channels, are added once, now.
   */
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

  /** Weight and bias of a convolution with the batch norm behind it folded in. `as` gives the weight another shape. */
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

  /** A linear layer over the last axis. Its weight is multiplied by `scale`. */
  dense(x: Value, out: number, scale = 1): Value {
    const weight = this.transposed('weight', [out, lengthOf(x, x.shape.length - 1)], scale);
    return linear(this.graph, x, weight, this.weight('bias', [out]));
  }

  /** Layer normalisation over the last axis. */
  layerNorm(x: Value): Value {
    const width = lengthOf(x, x.shape.length - 1);
    return layerNorm(this.graph, x, this.weight('weight', [width]), this.weight('bias', [width]), NORM_EPSILON);
  }

  /** The batch norm at this place as a factor and a summand of the given shape. They are not added to the graph. */
  affine(shape: readonly number[]): { readonly scale: Weight; readonly shift: Weight } {
    return affineOf(this.#tensors, this.#path, shape);
  }

  /**
   * The refusal of a tensor whose shape fits but whose meaning does not. `why` gets the tensor's name as the file has
   * it.
   */
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
