/**
 * Named tensors, wherever they come from: a checkpoint file, a seeded generator. Promises values in row-major order as
 * float32, whatever they are stored as, and reads nothing before `read`. Leaves out what a network does with them.
 */
export interface TensorSource {
  /** All names, in the order of the source. */
  names(): readonly string[];
  /** Undefined when there is no such tensor. */
  shape(name: string): readonly number[] | undefined;
  /** `count` values from the `start`-th on (in row-major order); all of them by default. */
  read(name: string, start?: number, count?: number): Promise<Float32Array>;
}
