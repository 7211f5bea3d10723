/** A float32 tensor that is read when the model is written, piece by piece, so that a 3 GB matrix never lies in memory whole. */
export interface Weight {
  readonly shape: readonly number[];
  /** The values in row-major order, in pieces of any size; may be asked for more than once and answers the same. */
  pieces(): AsyncIterable<Float32Array> | Iterable<Float32Array>;
}

export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, dim) => product * dim, 1);
}

/** Values that are already in memory, as a weight. */
export function weightOf(shape: readonly number[], values: Float32Array | readonly number[]): Weight {
  const data = values instanceof Float32Array ? values : Float32Array.from(values);
  if (data.length !== elementCount(shape)) {
    throw new RangeError(`shape [${shape.join(', ')}] does not hold ${data.length} values`);
  }
  return { shape, pieces: () => [data] };
}

/** A weight computed when it is written, from other tensors (a folded batch norm, a cut or reordered matrix). */
export function computedWeight(shape: readonly number[], compute: () => Promise<Float32Array>): Weight {
  return {
    shape,
    async *pieces() {
      yield await compute();
    },
  };
}

/** Where weights lie that are too large for model files: beside them, in one file for all. */
export const WEIGHTS_FILE = 'styleflow.data';
