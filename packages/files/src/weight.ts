/**
 * A float32 tensor that is read piece by piece when the model is written, so that a 3 GB matrix is never in memory as a
 * whole.
 */
export interface Weight {
  readonly shape: readonly number[];
  /** The values in row-major order, in pieces of any size. Each call gives the same values. */
  pieces(): AsyncIterable<Float32Array> | Iterable<Float32Array>;
}

export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, dim) => product * dim, 1);
}

/** A weight of values that are in memory already. */
export function weightOf(shape: readonly number[], values: Float32Array | readonly number[]): Weight {
  const floats = values instanceof Float32Array ? values : Float32Array.from(values);
  if (floats.length !== elementCount(shape)) {
    throw new RangeError(`shape [${shape.join(', ')}] does not hold ${floats.length} values`);
  }
  return { shape, pieces: () => [floats] };
}

/** A weight that is computed from other tensors when it is written (a folded batch norm, a cut or reordered matrix). */
export function computedWeight(shape: readonly number[], compute: () => Promise<Float32Array>): Weight {
  return {
    shape,
    async *pieces() {
      yield await compute();
    },
  };
}

/** The one file beside the model files that holds weights too large for these. */
export const WEIGHTS_FILE = 'styleflow.data';
