import type { RoleTensors } from '@styleflow/checkpoints';
import { computedWeight, elementCount, type Weight } from '@styleflow/files';

/** PyTorch's default; all of these networks keep it. */
export const NORM_EPSILON = 1e-5;

/** A batch norm at inference, per channel: x·scale + shift. */
interface Affine {
  readonly scale: Float64Array;
  readonly shift: Float64Array;
}

async function readAffine(tensors: RoleTensors, name: string): Promise<Affine> {
  const [weight, bias, mean, variance] = await Promise.all(
    ['weight', 'bias', 'running_mean', 'running_var'].map((part) => tensors.read(`${name}.${part}`)),
  );
  const scale = Float64Array.from(
    weight ?? [],
    (value, channel) => value / Math.sqrt((variance?.[channel] ?? 0) + NORM_EPSILON),
  );
  const shift = scale.map((value, channel) => (bias?.[channel] ?? 0) - (mean?.[channel] ?? 0) * value);
  return { scale, shift };
}

function expectNorm(tensors: RoleTensors, name: string, channels: number): void {
  for (const part of ['weight', 'bias', 'running_mean', 'running_var']) tensors.shape(`${name}.${part}`, [channels]);
}

/**
 * A batch norm as a factor and a summand, each of the given shape, which holds as many values as there are channels.
 */
export function affineOf(
  tensors: RoleTensors,
  name: string,
  shape: readonly number[],
): { readonly scale: Weight; readonly shift: Weight } {
  expectNorm(tensors, name, elementCount(shape));
  return {
    scale: computedWeight(shape, async () => Float32Array.from((await readAffine(tensors, name)).scale)),
    shift: computedWeight(shape, async () => Float32Array.from((await readAffine(tensors, name)).shift)),
  };
}

/** Names of the convolution's weight and of the norm, and the shape of the weight. */
interface FoldedForm {
  readonly convolution: string;
  readonly norm: string;
  readonly shape: readonly number[];
  readonly as?: readonly number[];
}

/**
 * Folds a batch norm into the convolution before it, which has no bias: the result is one convolution with a bias that
 * computes the same. Products are formed in double precision and rounded once. `as` gives the weight another shape of
 * as many values.
 */
export function foldNorm(
  tensors: RoleTensors,
  { convolution, norm, shape, as = shape }: FoldedForm,
): { readonly weight: Weight; readonly bias: Weight } {
  const channels = shape[0] ?? 0;
  tensors.shape(convolution, shape);
  expectNorm(tensors, norm, channels);
  const perChannel = elementCount(shape) / channels;
  return {
    weight: computedWeight(as, async () => {
      const { scale } = await readAffine(tensors, norm);
      return (await tensors.read(convolution)).map(
        (value, index) => value * (scale[Math.floor(index / perChannel)] ?? 0),
      );
    }),
    bias: computedWeight([channels], async () => Float32Array.from((await readAffine(tensors, norm)).shift)),
  };
}
